// Rows of the host for tests, with sensible defaults: a test names only what it is about.
import type pg from 'pg';

export interface MadeUser {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  /** Token subject, `auth0|…`. */
  readonly subject: string | null;
}

export interface UserOptions {
  readonly email?: string;
  readonly name?: string | null;
  readonly subject?: string | null;
  readonly emailVerified?: boolean;
  readonly locale?: string | null;
  readonly createdAt?: Date;
  readonly lastLoginAt?: Date;
  /** With a reason. */
  readonly suspendedAt?: Date;
  readonly deletedAt?: Date;
  readonly metadata?: unknown;
}

export interface SessionOptions {
  readonly createdAt?: Date;
  readonly lastActivityAt?: Date;
  readonly expiresAt?: Date;
  readonly active?: boolean;
  readonly ip?: string;
  readonly userAgent?: string;
}

export interface SubscriptionOptions {
  readonly tier?: 'free' | 'premium' | 'enterprise';
  readonly status?: 'active' | 'canceled' | 'past_due' | 'trialing' | 'incomplete';
  /** Null: granted by hand. */
  readonly stripeId?: string | null;
  readonly periodStart?: Date | null;
  readonly periodEnd?: Date | null;
  readonly canceledAt?: Date | null;
  readonly cancelAtPeriodEnd?: boolean;
  readonly trialStart?: Date | null;
  readonly trialEnd?: Date | null;
  readonly createdAt?: Date;
}

export interface PaymentOptions {
  readonly subscriptionId?: string | null;
  /** Major units, as the host stores them: `9.99`. */
  readonly amount?: string;
  readonly currency?: string;
  readonly status?: 'pending' | 'succeeded' | 'failed' | 'refunded' | 'partially_refunded' | 'disputed';
  readonly failureCode?: string | null;
  readonly createdAt?: Date;
}

export interface RefundOptions {
  /** Major units. */
  readonly amount?: string;
  readonly currency?: string;
  readonly reason?: 'customer_request' | 'billing_error' | 'service_issue' | 'duplicate' | 'fraudulent' | 'other';
  readonly status?: 'pending' | 'succeeded' | 'failed' | 'canceled';
  readonly createdAt?: Date;
}

export interface AdminOptions extends UserOptions {
  readonly role?: 'super_admin' | 'support_admin' | 'finance_admin';
  readonly revokedAt?: Date;
  readonly active?: boolean;
}

export interface ConversationOptions {
  readonly createdAt?: Date;
  /** When the user sent messages in it. */
  readonly messagesAt?: readonly Date[];
}

export type Make = ReturnType<typeof createFactories>;

const DAY_MS = 86_400_000;

/** @param pool of the owner */
export function createFactories(pool: pg.Pool) {
  let made = 0;

  async function insert(table: string, values: Readonly<Record<string, unknown>>): Promise<string> {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const { rows } = await pool.query<{ id: string }>(
      `INSERT INTO public.${table} (${given.map(([column]) => column).join(', ')}) VALUES (${given.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`,
      given.map(([, value]) => value),
    );
    return (rows[0] as { id: string }).id;
  }

  async function user(options: UserOptions = {}): Promise<MadeUser> {
    const number = ++made;
    const { email = `user${number}@acme.example`, name = `User ${number}`, subject = `auth0|user${number}`, createdAt, suspendedAt } = options;
    const id = await insert('users', {
      email, name, jwt_id: subject, email_verified: options.emailVerified ?? true, locale: options.locale, created_at: createdAt, updated_at: createdAt, last_login: options.lastLoginAt,
      is_suspended: suspendedAt !== undefined, suspended_at: suspendedAt, suspension_reason: suspendedAt && 'Made suspended by a test.',
      deleted_at: options.deletedAt, metadata: options.metadata === undefined ? undefined : JSON.stringify(options.metadata),
    });
    return { id, email, name, subject };
  }

  return {
    user,

    /** Live for a day by default. */
    session: async (userId: string, options: SessionOptions = {}): Promise<{ readonly id: string }> => {
      const { createdAt = new Date(), lastActivityAt = createdAt, active = true } = options;
      const id = await insert('user_sessions', {
        user_id: userId, session_token: `token-${++made}`, created_at: createdAt, last_activity: lastActivityAt,
        expires_at: options.expiresAt ?? new Date(Date.now() + DAY_MS), is_active: active ? '1' : '0', ip_address: options.ip, user_agent: options.userAgent,
      });
      return { id };
    },

    /** Active, premium, paid through Stripe, for 30 days from its start by default. */
    subscription: async (userId: string, options: SubscriptionOptions = {}): Promise<{ readonly id: string }> => {
      const { createdAt = new Date(), stripeId = `sub_${++made}` } = options;
      const id = await insert('subscriptions', {
        user_id: userId, tier: options.tier ?? 'premium', status: options.status ?? 'active', stripe_subscription_id: stripeId,
        current_period_start: options.periodStart === undefined ? createdAt : options.periodStart,
        current_period_end: options.periodEnd === undefined ? new Date(createdAt.getTime() + 30 * DAY_MS) : options.periodEnd,
        cancel_at_period_end: options.cancelAtPeriodEnd, canceled_at: options.canceledAt, trial_start: options.trialStart, trial_end: options.trialEnd,
        created_at: createdAt, updated_at: createdAt,
      });
      return { id };
    },

    /** 9.99 USD, succeeded, by card by default. */
    payment: async (userId: string, options: PaymentOptions = {}): Promise<{ readonly id: string }> => {
      const { createdAt = new Date() } = options;
      const id = await insert('payment_transactions', {
        user_id: userId, subscription_id: options.subscriptionId, stripe_payment_intent_id: `pi_${++made}`, amount: options.amount ?? '9.99', currency: options.currency,
        status: options.status ?? 'succeeded', failure_code: options.failureCode, payment_method_type: 'card', payment_method_last4: '4242', created_at: createdAt, updated_at: createdAt,
      });
      return { id };
    },

    /** Only the refund's own row: the payment's status is the test's to choose. */
    refund: async (paymentId: string, options: RefundOptions = {}): Promise<{ readonly id: string }> => {
      const { createdAt = new Date() } = options;
      const id = await insert('refunds', {
        transaction_id: paymentId, stripe_refund_id: `re_${++made}`, amount: options.amount ?? '9.99', currency: options.currency,
        reason: options.reason ?? 'customer_request', status: options.status ?? 'succeeded', created_at: createdAt, updated_at: createdAt,
      });
      return { id };
    },

    /** A user with a role, super_admin by default. */
    admin: async (options: AdminOptions = {}): Promise<MadeUser> => {
      const person = await user(options);
      await insert('admin_roles', { user_id: person.id, role: options.role ?? 'super_admin', is_active: options.active, revoked_at: options.revokedAt });
      return person;
    },

    /** @param textUserId what the host would store: a token subject, or users.id as text */
    conversation: async (textUserId: string, options: ConversationOptions = {}): Promise<{ readonly id: string }> => {
      const { createdAt = new Date(), messagesAt = [] } = options;
      const id = await insert('conversations', { id: `conversation-${++made}`, user_id: textUserId, title: 'Title', model: 'llama3', created_at: createdAt, updated_at: createdAt });
      for (const at of messagesAt) {
        await insert('messages', { conversation_id: id, role: 'user', content: 'Hello', timestamp: at });
      }
      return { id };
    },
  };
}
