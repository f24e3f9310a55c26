// When money moves next: by user for subscriptions, by payment for what settles, is refunded or disputed later.
import type { Kysely } from 'kysely';
import { isAdmin } from '../admins.ts';
import type { Citizen } from '../citizens.ts';
import { DAY, iso } from '../calendar.ts';
import type { Company } from '../company.ts';
import { payerOf } from '../payers.ts';
import { settlesAt, type Payment } from '../payments.ts';
import type { Person } from '../people.ts';
import { nextPurchaseAt } from '../purchases.ts';
import { keyOf } from '../random.ts';
import { AFTERMATH_DAYS, aftermathOf, stateAt } from '../refunds.ts';
import { nextEventAt, type Subscription } from '../subscriptions.ts';
import type { HostTables, PaymentStatus } from '../tables.ts';
import { byStripe, type HeldSubscription } from './subscriptions.ts';

export interface BillingAgenda {
  /** When each user next buys, is charged or leaves; users for whom nothing comes are not in it. */
  readonly users: Map<string, number>;
  /** Payments that will change, by the moment of the next change. */
  readonly payments: Map<Payment, number>;
}

/** When a person's money moves next, or null. @param before their subscriptions, without those granted by hand */
export function nextBillingAt(company: Company, person: Person, before: readonly Subscription[]): number | null {
  const last = before.at(-1);
  return last === undefined || last.status === 'canceled' ? nextPurchaseAt(person, before) : nextEventAt(company, last);
}

/** When a payment changes after `at`: it stops being pending, or its aftermath comes. */
export function nextChangeAt(company: Company, payment: Payment, at: number): number | null {
  if (payment.failure !== null) {
    return null;
  }
  if (payment.settlesAt > at) {
    return payment.settlesAt;
  }
  const aftermath = aftermathOf(company, payment);
  return aftermath !== null && aftermath.at > at ? aftermath.at : null;
}

function remember<K>(agenda: Map<K, number>, key: K, at: number | null): void {
  if (at === null || at === Number.POSITIVE_INFINITY) {
    agenda.delete(key);
  } else {
    agenda.set(key, at);
  }
}

export function rememberUser(company: Company, agenda: BillingAgenda, person: Person, before: readonly Subscription[]): void {
  remember(agenda.users, person.id, nextBillingAt(company, person, before));
}

/** @param status how the payment's row stands; one that is behind its time is due at once */
export function rememberPayment(company: Company, agenda: BillingAgenda, payment: Payment, status: PaymentStatus, at: number): void {
  const behind = payment.failure === null && (status === 'pending' || status === 'succeeded') && stateAt(company, payment, at).status !== status;
  remember(agenda.payments, payment, behind ? at : nextChangeAt(company, payment, at));
}

/** Reads what is open: a purchase or charge per user, and recent payments that may still change. */
export async function billingAgenda(db: Kysely<HostTables>, company: Company, byId: ReadonlyMap<string, Citizen>, subscriptions: ReadonlyMap<string, readonly HeldSubscription[]>, at: number): Promise<BillingAgenda> {
  const agenda: BillingAgenda = { users: new Map(), payments: new Map() };
  for (const { person, endedAt } of byId.values()) {
    const before = byStripe(subscriptions.get(person.id) ?? []);
    const running = before.length > 0 && before.at(-1)?.status !== 'canceled';
    // An account that has ended buys nothing new; what it has runs on until it is canceled. Acme's own people pay nothing.
    if (!isAdmin(person.id) && (endedAt === null || running)) {
      rememberUser(company, agenda, person, before);
    }
  }
  const recent = await db
    .selectFrom('payment_transactions')
    .select(['id', 'user_id', 'subscription_id', 'amount', 'status', 'created_at'])
    .where('status', 'in', ['pending', 'succeeded'])
    .where('created_at', '>', new Date(iso(at - AFTERMATH_DAYS * DAY)))
    .execute();
  for (const row of recent) {
    const citizen = byId.get(row.user_id);
    if (citizen !== undefined) {
      const payer = payerOf(citizen.person);
      const createdAt = row.created_at.getTime();
      const payment: Payment = {
        id: row.id, key: keyOf(row.id), userId: row.user_id, subscriptionId: row.subscription_id,
        amountMinor: Math.round(Number(row.amount) * 100), payer, failure: null, createdAt, settlesAt: settlesAt(payer, createdAt),
      };
      rememberPayment(company, agenda, payment, row.status, at);
    }
  }
  return agenda;
}
