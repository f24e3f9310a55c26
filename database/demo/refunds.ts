// What follows a payment later: a refund, whole or in part, or a dispute. The sale itself stays in its table.
import { DAY, HOUR, iso } from './calendar.ts';
import { ADMIN_IDS } from './admins.ts';
import type { Company } from './company.ts';
import { between, chance, chooser, exponential } from './draws.ts';
import type { Payment } from './payments.ts';
import { major } from './prices.ts';
import { derive, purpose, settled, stream, token, uuidOf } from './random.ts';
import type { InsertOf, PaymentStatus } from './tables.ts';

const AFTERMATH = purpose('aftermath');
const REFUND = purpose('refund');

const REASONS = chooser<string>([['customer_request', 54], ['billing_error', 14], ['service_issue', 12], ['duplicate', 9], ['other', 8], ['fraudulent', 3]]);
const STATES = chooser<'succeeded' | 'failed' | 'canceled'>([['succeeded', 960], ['failed', 28], ['canceled', 12]]);

const REFUNDED_SHARE = 0.018;
const DISPUTED_SHARE = 0.0012;
/** Of the payments of the four weeks before the incident ended, this share is refunded in the two days after it. */
const INCIDENT_SHARE = 0.035;
const INCIDENT_REACH = 28 * DAY;
const INCIDENT_BURST = 48 * HOUR;
/** No aftermath comes later than this after a payment has settled. */
export const AFTERMATH_DAYS = 32;

export interface Refund {
  readonly kind: 'refund';
  readonly at: number;
  readonly amountMinor: number;
  readonly full: boolean;
  readonly reason: string;
  readonly status: 'succeeded' | 'failed' | 'canceled';
}
export interface Dispute {
  readonly kind: 'dispute';
  readonly at: number;
}

/** What will follow a payment, or null: a pure function of the payment, so that the simulator continues what loading began. */
export function aftermathOf(company: Company, payment: Payment): Refund | Dispute | null {
  if (payment.failure !== null) {
    return null;
  }
  const random = stream(derive(payment.key, AFTERMATH));
  const drawn = random();
  const hit = random() < INCIDENT_SHARE && payment.settlesAt < company.incident.to && payment.createdAt > company.incident.to - INCIDENT_REACH;
  if (drawn >= REFUNDED_SHARE && !hit) {
    return drawn < REFUNDED_SHARE + DISPUTED_SHARE ? { kind: 'dispute', at: payment.settlesAt + Math.floor(between(random, 6, 24) * DAY) } : null;
  }
  const at = hit ? company.incident.to + Math.floor(INCIDENT_BURST * random() ** 1.5) : payment.settlesAt + HOUR + Math.floor(Math.min(20, exponential(random, 3)) * DAY);
  const full = chance(random, hit ? 0.6 : 0.72);
  const amountMinor = full ? payment.amountMinor : Math.max(1, Math.floor(payment.amountMinor * between(random, 0.2, 0.75)));
  return { kind: 'refund', at, amountMinor, full, reason: hit ? 'service_issue' : REASONS(random), status: STATES(random) };
}

/** Where a payment stands at a moment, and since when. */
export function stateAt(company: Company, payment: Payment, at: number): { readonly status: PaymentStatus; readonly since: number } {
  if (payment.failure !== null) {
    return { status: 'failed', since: payment.createdAt };
  }
  if (at < payment.settlesAt) {
    return { status: 'pending', since: payment.createdAt };
  }
  const aftermath = aftermathOf(company, payment);
  if (aftermath === null || aftermath.at > at || (aftermath.kind === 'refund' && aftermath.status !== 'succeeded')) {
    return { status: 'succeeded', since: payment.settlesAt };
  }
  const status = aftermath.kind === 'dispute' ? 'disputed' : aftermath.full ? 'refunded' : 'partially_refunded';
  return { status, since: aftermath.at };
}

export function refundRow(payment: Payment, refund: Refund, currency: string): InsertOf<'refunds'> {
  const key = settled(derive(payment.key, REFUND));
  return {
    id: uuidOf(key),
    transaction_id: payment.id,
    stripe_refund_id: `re_3Demo${token(key, 3)}`,
    amount: major(refund.amountMinor),
    currency,
    reason: refund.reason,
    status: refund.status,
    failure_reason: refund.status === 'failed' ? 'expired_or_canceled_card' : null,
    admin_user_id: key[0] % 4 === 0 ? ADMIN_IDS.ada : ADMIN_IDS.fin,
    created_at: iso(refund.at),
    updated_at: iso(refund.at),
  };
}
