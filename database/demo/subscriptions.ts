// A subscription as a state machine: what happens to it next and when follows from its id and its state alone. Loading
// runs it from the beginning up to now; the simulator goes on from the rows it reads.
import { addMonths, DAY, HOUR, isoOrNull, iso, MINUTE, secondOf } from './calendar.ts';
import { inIncident, type Company } from './company.ts';
import { chance } from './draws.ts';
import { charge, type Charge, type Payment } from './payments.ts';
import type { Payer } from './payers.ts';
import { PRICES, type BillingInterval } from './prices.ts';
import { derive, fate, purpose, stream, token, type Key } from './random.ts';
import type { InsertOf, PaidTier, SubscriptionStatus } from './tables.ts';

const TERMS = purpose('terms');
const PERIOD = purpose('period');
const LEAVES = purpose('leaves after the incident');
const AT_ONCE = purpose('leaves at once');

export const TRIAL_DAYS = 14;
/** Days after the first failure on which Stripe tries again; after a failure in the incident it tries sooner. */
const RETRY_DAYS = [3, 8, 15] as const;
const RETRY_DAYS_AFTER_INCIDENT = [1, 3, 8] as const;
const CHURN_A_MONTH: Readonly<Record<PaidTier, number>> = { premium: 0.042, enterprise: 0.02 };
const MOVES_A_MONTH: Readonly<Record<PaidTier, number>> = { premium: 0.016, enterprise: 0.024 };
const LEAVE_AFTER_INCIDENT = 0.016;
const INCIDENT_REACTION = 48 * HOUR;

export interface Subscription {
  readonly id: string;
  readonly key: Key;
  readonly userId: string;
  readonly createdAt: number;
  readonly trialEnd: number | null;
  tier: PaidTier;
  status: SubscriptionStatus;
  periodStart: number;
  periodEnd: number;
  cancelAtPeriodEnd: boolean;
  canceledAt: number | null;
  /** Last time something happened to it. */
  changedAt: number;
  /** Failed attempts since the last success. */
  attempts: number;
}

/** How a subscription is billed, and how its trial ends if it has one. */
export function termsOf(key: Key): { readonly interval: BillingInterval; readonly trial: 'converts' | 'expires' | 'canceled early'; readonly earlyShare: number } {
  const random = stream(derive(key, TERMS));
  const interval = chance(random, 0.17) ? 'year' : 'month';
  const ending = random();
  return { interval, trial: ending < 0.46 ? 'converts' : ending < 0.78 ? 'expires' : 'canceled early', earlyShare: 0.05 + 0.9 * random() };
}

/** What the running period holds: when its owner gives notice, and which tier the next one has. */
function periodOf(subscription: Subscription): { readonly noticeAt: number | null; readonly moves: boolean } {
  const random = stream(derive(subscription.key, PERIOD, secondOf(subscription.periodStart)));
  const months = termsOf(subscription.key).interval === 'year' ? 8 : 1;
  const leaves = chance(random, 1 - (1 - CHURN_A_MONTH[subscription.tier]) ** months);
  const length = subscription.periodEnd - subscription.periodStart;
  const noticeAt = subscription.periodStart + Math.floor(length * (0.04 + 0.95 * random()));
  return { noticeAt: leaves ? noticeAt : null, moves: chance(random, 1 - (1 - MOVES_A_MONTH[subscription.tier]) ** months) };
}

function leavesAfterIncident(company: Company, subscription: Subscription): number | null {
  const share = fate(subscription.key, LEAVES);
  if (share >= LEAVE_AFTER_INCIDENT || subscription.createdAt > company.incident.from) {
    return null;
  }
  return company.incident.to + Math.floor((INCIDENT_REACTION * share) / LEAVE_AFTER_INCIDENT);
}

const earliest = (...moments: (number | null)[]): number => Math.min(...moments.map((at) => at ?? Number.POSITIVE_INFINITY));

/** When something next happens to a subscription by itself; null when it is over. */
export function nextEventAt(company: Company, subscription: Subscription): number | null {
  const after = (at: number | null): number | null => (at !== null && at > subscription.changedAt ? at : null);
  switch (subscription.status) {
    case 'trialing': {
      const terms = termsOf(subscription.key);
      const early = terms.trial === 'canceled early' ? subscription.createdAt + Math.floor(TRIAL_DAYS * DAY * terms.earlyShare) : null;
      return earliest(early, subscription.periodEnd);
    }
    case 'active': {
      const notice = subscription.cancelAtPeriodEnd ? null : after(periodOf(subscription).noticeAt);
      return earliest(notice, after(leavesAfterIncident(company, subscription)), subscription.periodEnd);
    }
    case 'past_due': {
      const days = inIncident(company, subscription.periodStart) ? RETRY_DAYS_AFTER_INCIDENT : RETRY_DAYS;
      return subscription.periodStart + days[Math.min(subscription.attempts, days.length) - 1]! * DAY;
    }
    case 'incomplete':
      return subscription.createdAt + (subscription.attempts === 1 ? 11 * MINUTE : 23 * HOUR);
    case 'canceled':
      return null;
  }
}

function cancel(subscription: Subscription, at: number): void {
  subscription.status = 'canceled';
  subscription.canceledAt = at;
}

export function attempt(company: Company, subscription: Subscription, payer: Payer, at: number, kind: Charge['attempt']): Payment {
  const amountMinor = PRICES[payer.currency][subscription.tier][termsOf(subscription.key).interval];
  const { id: subscriptionId, userId, periodStart } = subscription;
  const payment = charge(company, { userId, subscriptionId, payer, amountMinor, at, attempt: kind, periodStart });
  subscription.changedAt = at;
  if (payment.failure === null) {
    subscription.status = 'active';
    subscription.attempts = 0;
    return payment;
  }
  subscription.attempts += 1;
  subscription.status = subscription.status === 'incomplete' ? 'incomplete' : 'past_due';
  if (subscription.attempts > RETRY_DAYS.length) {
    cancel(subscription, at);
  }
  return payment;
}

/** The paid period that begins at `at`, on the subscription's own day of the month. */
export function beginPeriod(subscription: Subscription, at: number): void {
  const anchor = subscription.trialEnd ?? subscription.createdAt;
  const passed = Math.round((at - anchor) / (30.44 * DAY));
  subscription.periodStart = at;
  subscription.periodEnd = addMonths(anchor, passed + (termsOf(subscription.key).interval === 'year' ? 12 : 1));
}

/** Lets the event that is due at `at` happen. Changes the subscription; returns the payment that was tried, if one was. */
export function advance(company: Company, subscription: Subscription, payer: Payer, at: number): Payment | null {
  const { status } = subscription;
  if (status === 'past_due') {
    return attempt(company, subscription, payer, at, 'retry');
  }
  if (status === 'incomplete' && subscription.attempts === 1) {
    return attempt(company, subscription, payer, at, 'retry');
  }
  const ends = at >= subscription.periodEnd;
  const trialOver = status === 'trialing' && termsOf(subscription.key).trial !== 'converts';
  if (status === 'incomplete' || trialOver || (ends && subscription.cancelAtPeriodEnd)) {
    subscription.changedAt = at;
    cancel(subscription, at);
    return null;
  }
  if (!ends) {
    subscription.changedAt = at;
    const angry = at === leavesAfterIncident(company, subscription);
    if (angry || fate(subscription.key, AT_ONCE, secondOf(at)) < 0.2) {
      cancel(subscription, at);
    } else {
      subscription.cancelAtPeriodEnd = true;
    }
    return null;
  }
  if (status === 'active' && periodOf(subscription).moves) {
    subscription.tier = subscription.tier === 'premium' ? 'enterprise' : 'premium';
  }
  beginPeriod(subscription, at);
  return attempt(company, subscription, payer, at, status === 'trialing' ? 'first' : 'renewal');
}

export function subscriptionRow(subscription: Subscription, customerId: string): InsertOf<'subscriptions'> {
  const { trialEnd, attempts } = subscription;
  return {
    id: subscription.id,
    user_id: subscription.userId,
    stripe_subscription_id: `sub_1Demo${token(subscription.key, 3)}`,
    stripe_customer_id: customerId,
    tier: subscription.tier,
    status: subscription.status,
    current_period_start: iso(subscription.periodStart),
    current_period_end: iso(subscription.periodEnd),
    cancel_at_period_end: subscription.cancelAtPeriodEnd,
    canceled_at: isoOrNull(subscription.canceledAt),
    trial_start: trialEnd === null ? null : iso(subscription.createdAt),
    trial_end: isoOrNull(trialEnd),
    created_at: iso(subscription.createdAt),
    updated_at: iso(subscription.changedAt),
    metadata: JSON.stringify(attempts === 0 ? {} : { attempts }),
  };
}
