// When a person buys, and everything their subscriptions lived through: the whole billing history of one user.
import { DAY, dayOf, startOf } from './calendar.ts';
import type { Company } from './company.ts';
import { between, chance, exponential } from './draws.ts';
import { payerOf } from './payers.ts';
import type { Payment } from './payments.ts';
import type { Person } from './people.ts';
import { derive, fate, purpose, settled, stream, uuidOf } from './random.ts';
import { timeOfDay } from './rhythm.ts';
import { advance, attempt, beginPeriod, nextEventAt, TRIAL_DAYS, type Subscription } from './subscriptions.ts';
import type { PaidTier } from './tables.ts';

const INTENT = purpose('intent');
const SUBSCRIPTION = purpose('subscription');
const RETURNS = purpose('returns');
const RETURNS_AFTER = purpose('returns after');

const BUYERS = 0.275;
const ENTERPRISE = 0.21;
const STARTS_WITH_TRIAL = 0.62;
const COMES_BACK = 0.17;

interface Intent {
  readonly at: number;
  readonly tier: PaidTier;
  readonly trial: boolean;
}

function intentOf(person: Person): Intent | null {
  const random = stream(derive(person.key, INTENT));
  if (!chance(random, BUYERS)) {
    return null;
  }
  const soon = chance(random, 0.5);
  const tier = chance(random, ENTERPRISE) ? 'enterprise' : 'premium';
  const trial = chance(random, STARTS_WITH_TRIAL);
  if (soon) {
    return { at: person.createdAt + Math.floor(between(random, 0.01, 0.25) * DAY), tier, trial };
  }
  const day = dayOf(person.createdAt) + 1 + Math.floor(exponential(random, 32));
  return { at: startOf(day) + timeOfDay(random, person.character.country.utcOffset), tier, trial };
}

/**
 * When a person starts a subscription, given those they already had.
 * @param before earliest first, without the ones granted by hand
 */
export function nextPurchaseAt(person: Person, before: readonly Subscription[]): number | null {
  const last = before.at(-1);
  if (last === undefined) {
    return intentOf(person)?.at ?? null;
  }
  if (last.canceledAt === null || fate(last.key, RETURNS) >= COMES_BACK) {
    return null;
  }
  return last.canceledAt + Math.floor((9 + 95 * fate(last.key, RETURNS_AFTER)) * DAY);
}

/** Starts a person's next subscription: in a trial, which only the first can have, or with a payment. */
export function purchase(company: Company, person: Person, before: readonly Subscription[], at: number): { readonly subscription: Subscription; readonly payment: Payment | null } {
  const key = settled(derive(person.key, SUBSCRIPTION, before.length));
  const intent = intentOf(person);
  const trial = before.length === 0 && intent?.trial === true;
  const trialEnd = trial ? at + TRIAL_DAYS * DAY : null;
  const subscription: Subscription = {
    id: uuidOf(key), key, userId: person.id, createdAt: at, trialEnd,
    tier: before.at(-1)?.tier ?? intent?.tier ?? 'premium',
    status: trial ? 'trialing' : 'incomplete',
    periodStart: at, periodEnd: trialEnd ?? at,
    cancelAtPeriodEnd: false, canceledAt: null, changedAt: at, attempts: 0,
  };
  if (trial) {
    return { subscription, payment: null };
  }
  beginPeriod(subscription, at);
  return { subscription, payment: attempt(company, subscription, payerOf(person), at, 'first') };
}

export interface Billing {
  readonly subscriptions: readonly Subscription[];
  readonly payments: readonly Payment[];
}

/**
 * @param until nothing happens after it: now, or the deletion of the account
 * @param buysUntil nothing new is bought after it: the same, or the suspension of the account
 */
export function billingOf(company: Company, person: Person, until: number, buysUntil: number): Billing {
  const subscriptions: Subscription[] = [];
  const payments: Payment[] = [];
  const payer = payerOf(person);
  for (let at = nextPurchaseAt(person, subscriptions); at !== null && at <= buysUntil; at = nextPurchaseAt(person, subscriptions)) {
    const { subscription, payment } = purchase(company, person, subscriptions, at);
    subscriptions.push(subscription);
    const tried = [payment];
    for (let event = nextEventAt(company, subscription); event !== null && event <= until; event = nextEventAt(company, subscription)) {
      tried.push(advance(company, subscription, payer, event));
    }
    payments.push(...tried.filter((one) => one !== null));
  }
  return { subscriptions, payments };
}
