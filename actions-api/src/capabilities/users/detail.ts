// Everything known about one user: the account, and the most recent of what belongs to it.
import type { UserDetail } from '@admin-center/contracts/users';
import { sql } from 'kysely';
import { currencyCode } from '../../platform/currency.ts';
import type { Queryable } from '../../platform/database.ts';

const RECENT = 50;

export interface AccountRow {
  readonly email_verified: boolean;
  readonly identity_source: string | null;
  readonly locale: string | null;
  readonly suspended_at: Date | null;
  readonly suspension_reason: string | null;
  readonly deleted_at: Date | null;
  readonly is_admin: boolean;
}

const text = (at: Date | null): string | null => at?.toISOString() ?? null;

export async function readAccount(database: Queryable, userId: string): Promise<AccountRow | null> {
  const { rows } = await sql<AccountRow>`
    SELECT email_verified, identity_source, locale, suspended_at, suspension_reason, deleted_at,
      EXISTS (SELECT FROM admin_center.admin_grant g WHERE g.user_id = account.user_id) AS is_admin
    FROM admin_center.account
    WHERE user_id = ${userId}
  `.execute(database);
  return rows[0] ?? null;
}

export async function readSessions(database: Queryable, userId: string): Promise<UserDetail['sessions']> {
  const { rows } = await sql<{ session_id: string; created_at: Date; last_activity_at: Date | null; expires_at: Date; live: boolean; ip: string | null; user_agent: string | null }>`
    SELECT session_id, created_at, last_activity_at, expires_at, live, host(ip) AS ip, user_agent
    FROM admin_center.session
    WHERE user_id = ${userId}
    ORDER BY coalesce(last_activity_at, created_at) DESC, session_id
    LIMIT ${RECENT}
  `.execute(database);
  return rows.map((row) => ({
    id: row.session_id,
    startedAt: row.created_at.toISOString(),
    lastActivityAt: text(row.last_activity_at),
    expiresAt: row.expires_at.toISOString(),
    live: row.live,
    ip: row.ip,
    userAgent: row.user_agent,
  }));
}

interface SubscriptionRow {
  readonly subscription_id: string;
  readonly tier: UserDetail['tier'];
  readonly status: string;
  readonly created_at: Date;
  readonly current_period_end: Date | null;
  readonly cancel_at_period_end: boolean;
  readonly canceled_at: Date | null;
  readonly trial_end: Date | null;
  readonly granted_by_hand: boolean;
}

export async function readSubscriptions(database: Queryable, userId: string): Promise<UserDetail['subscriptions']> {
  const { rows } = await sql<SubscriptionRow>`
    SELECT subscription_id, tier, status, created_at, current_period_end, cancel_at_period_end, canceled_at, trial_end, granted_by_hand
    FROM admin_center.subscription
    WHERE user_id = ${userId}
    ORDER BY created_at DESC, subscription_id
  `.execute(database);
  return rows.map((row) => ({
    id: row.subscription_id,
    tier: row.tier,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    currentPeriodEnd: text(row.current_period_end),
    cancelAtPeriodEnd: row.cancel_at_period_end,
    canceledAt: text(row.canceled_at),
    trialEnd: text(row.trial_end),
    grantedByHand: row.granted_by_hand,
  }));
}

interface PaymentRow {
  readonly payment_id: string;
  readonly amount_minor: number;
  readonly refunded_minor: number;
  readonly currency: string;
  readonly status: string;
  readonly failure_code: string | null;
  readonly method: string | null;
  readonly created_at: Date;
}

/** `refundedMinor` counts refunds that succeeded. */
export async function readPayments(database: Queryable, userId: string): Promise<NonNullable<UserDetail['payments']>> {
  const { rows } = await sql<PaymentRow>`
    SELECT p.payment_id, p.amount_minor, p.currency, p.status, p.failure_code, p.created_at,
      coalesce((SELECT sum(r.amount_minor) FROM admin_center.refund r WHERE r.payment_id = p.payment_id AND r.status = 'succeeded'), 0)::bigint AS refunded_minor,
      concat_ws(' ', p.payment_method_type, '···' || p.payment_method_last4) AS method
    FROM admin_center.payment p
    WHERE p.user_id = ${userId}
    ORDER BY p.created_at DESC, p.payment_id
    LIMIT ${RECENT}
  `.execute(database);
  return rows.map((row) => ({
    id: row.payment_id,
    amountMinor: row.amount_minor,
    refundedMinor: row.refunded_minor,
    currency: currencyCode(row.currency),
    status: row.status,
    failureCode: row.failure_code,
    method: row.method === '' ? null : row.method,
    createdAt: row.created_at.toISOString(),
  }));
}

/** What admins did to this user, or tried to. */
export async function readActions(database: Queryable, userId: string): Promise<NonNullable<UserDetail['actions']>> {
  const { rows } = await sql<{ sequence: number; at: Date; action: string; outcome: string; actor: string; reason: string | null }>`
    SELECT l.sequence, l.at, l.action, l.outcome, coalesce(d.actor_email, l.actor_subject, 'system') AS actor, d.reason
    FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
    WHERE l.target_type = 'user' AND l.target_id = ${userId}
    ORDER BY l.sequence DESC
    LIMIT ${RECENT}
  `.execute(database);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
