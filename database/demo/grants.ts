// What Acme's admins did by hand before: enterprise subscriptions they granted, and the host's own log of their actions.
import { ADMIN_IDS } from './admins.ts';
import { DAY, iso, isoOrNull } from './calendar.ts';
import type { Company } from './company.ts';
import { chance } from './draws.ts';
import type { Misfortune, Person } from './people.ts';
import { derive, fate, purpose, settled, stream, uuidOf } from './random.ts';
import type { Refund } from './refunds.ts';
import type { Payment } from './payments.ts';
import type { InsertOf } from './tables.ts';

const GRANT = purpose('granted by hand');
const LOGGED = purpose('logged');
const DESK = { ip_address: '192.0.2.10', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36' } as const;

export interface Grant {
  readonly id: string;
  readonly userId: string;
  readonly at: number;
  readonly endedAt: number | null;
}

/** A few users hold enterprise because an admin gave it to them: a row without Stripe ids, periods or trial. */
export function grantOf(company: Company, person: Person, until: number): Grant | null {
  const key = settled(derive(person.key, GRANT));
  const random = stream(key);
  if (!chance(random, 0.004) || person.createdAt > until - 3 * DAY) {
    return null;
  }
  const at = person.createdAt + Math.floor((until - person.createdAt) * random());
  const endedAt = chance(random, 0.2) ? at + Math.floor((until - at) * random()) : null;
  return { id: uuidOf(key), userId: person.id, at, endedAt: until < company.loadedAt ? until : endedAt };
}

export function grantRow(grant: Grant): InsertOf<'subscriptions'> {
  return {
    id: grant.id, user_id: grant.userId, stripe_subscription_id: null, stripe_customer_id: null,
    tier: 'enterprise', status: grant.endedAt === null ? 'active' : 'canceled',
    current_period_start: null, current_period_end: null, cancel_at_period_end: false,
    canceled_at: isoOrNull(grant.endedAt), trial_start: null, trial_end: null,
    created_at: iso(grant.at), updated_at: iso(grant.endedAt ?? grant.at), metadata: '{}',
  };
}

type LogRow = InsertOf<'admin_audit_logs'>;

export function grantLogged(person: Person, grant: Grant): LogRow {
  return {
    id: uuidOf(derive(person.key, LOGGED, 1)), admin_user_id: ADMIN_IDS.ada, admin_role: 'super_admin', action: 'subscription_tier_changed',
    resource_type: 'subscription', resource_id: grant.id, affected_user_id: person.id,
    details: JSON.stringify({ previousTier: 'free', newTier: 'enterprise', reason: 'Partner agreement' }), ...DESK, created_at: iso(grant.at),
  };
}

export function suspensionLogged(person: Person, misfortune: Misfortune): LogRow {
  const bySam = fate(person.key, LOGGED) < 0.7;
  return {
    id: uuidOf(derive(person.key, LOGGED, 2)), admin_user_id: bySam ? ADMIN_IDS.sam : ADMIN_IDS.ada, admin_role: bySam ? 'support_admin' : 'super_admin', action: 'user_suspended',
    resource_type: 'user', resource_id: person.id, affected_user_id: person.id,
    details: JSON.stringify({ reason: misfortune.reason }), ...DESK, created_at: iso(misfortune.at),
  };
}

export function refundLogged(payment: Payment, refund: Refund, row: InsertOf<'refunds'>): LogRow {
  const byAda = row.admin_user_id === ADMIN_IDS.ada;
  return {
    id: uuidOf(derive(payment.key, LOGGED, 3)), admin_user_id: byAda ? ADMIN_IDS.ada : ADMIN_IDS.fin, admin_role: byAda ? 'super_admin' : 'finance_admin', action: 'refund_processed',
    resource_type: 'refund', resource_id: row.id, affected_user_id: payment.userId,
    details: JSON.stringify({ transactionId: payment.id, amount: refund.amountMinor / 100, reason: refund.reason }), ...DESK, created_at: iso(refund.at),
  };
}
