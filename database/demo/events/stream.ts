// All events of the demo company's past, day by day, from what its people did.
import { sessionsOfDay, type Citizen } from '../citizens.ts';
import { dayOf, startOf } from '../calendar.ts';
import type { Company } from '../company.ts';
import type { Population } from '../population.ts';
import type { DemoEvent } from './event.ts';
import { experimentOf } from './experiments.ts';
import { recordedEvents, sentEvents } from './sessions.ts';
import { journeyOf, type Money, passersBy, visitorOf } from './visitors.ts';

export interface Link {
  readonly anonymous_id: string;
  readonly user_id: string;
  /** Milliseconds. */
  readonly at: number;
}

const PAID: ReadonlySet<string> = new Set(['succeeded', 'refunded', 'partially_refunded', 'disputed']);

/** When each user's first trial and first paid period began. */
function moneyOf({ subscriptions, payment_transactions: payments }: Pick<Population, 'subscriptions' | 'payment_transactions'>): ReadonlyMap<string, Money> {
  const money = new Map<string, Money>();
  const earliest = (known: number | null, at: number): number => Math.min(known ?? at, at);
  for (const { user_id: userId, tier, trial_start: trial } of subscriptions) {
    const before = money.get(userId) ?? { trialStarted: null, subscribed: null, plan: tier };
    money.set(userId, trial === null ? before : { ...before, trialStarted: earliest(before.trialStarted, Date.parse(trial)) });
  }
  for (const { user_id: userId, status, created_at: at } of payments) {
    const before = money.get(userId);
    if (before !== undefined && PAID.has(status)) {
      money.set(userId, { ...before, subscribed: earliest(before.subscribed, Date.parse(at)) });
    }
  }
  return money;
}

/** @param links is given the visitors who signed up */
export function* eventsOf(company: Company, population: Population, links: Link[], onDay: (share: number) => void): Generator<DemoEvent> {
  const { loadedAt } = company;
  const pricing = experimentOf('pricing-page', loadedAt);
  const onboarding = experimentOf('onboarding-checklist', loadedAt);
  const money = moneyOf(population);
  // Who may act as an admin now is never in the stream.
  const admins = new Set(population.admin_roles.filter((role) => role.is_active).map((role) => role.user_id));
  const citizens = population.citizens.filter(({ person }) => !admins.has(person.id));
  const byId = new Map(citizens.map((citizen) => [citizen.person.id, citizen]));
  const today = dayOf(loadedAt);
  let next = citizens.findIndex(({ person }) => person.createdAt >= startOf(company.sessionsSince));
  for (let day = company.sessionsSince; day <= today; day += 1) {
    for (const event of passersBy(company, day)) {
      if (event.at <= loadedAt) {
        yield event;
      }
    }
    for (let citizen = next === -1 ? undefined : citizens[next]; citizen !== undefined && dayOf(citizen.person.createdAt) <= day; citizen = citizens[next]) {
      const { events, visited } = journeyOf(citizen, money.get(citizen.person.id) ?? null, onboarding, loadedAt);
      if (visited) {
        links.push({ anonymous_id: visitorOf(citizen), user_id: citizen.person.id, at: citizen.person.createdAt });
      }
      yield* events;
      next += 1;
    }
    for (const session of sessionsOfDay(company, citizens, day)) {
      const citizen = byId.get(session.person.id) as Citizen;
      const end = Math.min(loadedAt, citizen.endedAt ?? loadedAt);
      for (const event of [...recordedEvents(session, citizen), ...sentEvents(company, session, citizen, pricing)]) {
        if (event.at <= end) {
          yield event;
        }
      }
    }
    onDay((day - company.sessionsSince + 1) / (today - company.sessionsSince + 1));
  }
}
