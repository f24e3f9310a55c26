// The way to an account: pages that a visitor sees before signing up, the first chat, the trial, the subscription; and the
// visitors who never sign up.
import { tierOn, type Citizen } from '../citizens.ts';
import { DAY, dayOf, MINUTE, SECOND, startOf } from '../calendar.ts';
import { expectedSignups, inIncident, type Company } from '../company.ts';
import { anyCountry, type Country } from '../countries.ts';
import { chance, chooser, integer, lognormal, poisson } from '../draws.ts';
import { INCIDENT_SHARE } from '../people.ts';
import { derive, purpose, stream, uuidOf, type Key, type Random } from '../random.ts';
import { dayFactor, timeOfDay } from '../rhythm.ts';
import { clientOf } from './client.ts';
import type { DemoEvent } from './event.ts';
import { FIRST_CHATS, type DemoExperiment, isRunning } from './experiments.ts';

const VISITOR = purpose('visitor');
const VISITS = purpose('visits before signing up');
const STEPS = purpose('steps after signing up');
const PASSERS_BY = purpose('visitors who never sign up');

const CAME_BY_THE_SITE = 0.74;
const SAW_PRICES = 0.82;
const PASSERS_BY_PER_SIGN_UP = 1.4;
const SOURCES = chooser<Readonly<Record<string, string>>>([
  [{}, 34], [{ referrer: 'https://www.google.com/' }, 26], [{ utm_source: 'newsletter' }, 11], [{ referrer: 'https://github.com/' }, 12],
  [{ referrer: 'https://www.reddit.com/' }, 8], [{ utm_source: 'linkedin' }, 5], [{ referrer: 'https://news.ycombinator.com/' }, 4],
]);
const PAGES = chooser<readonly [name: string, path: string]>([[['Home', '/'], 46], [['Docs', '/docs'], 30], [['Download', '/download'], 24]]);

/** Pages seen one after another until `until`, the first of them with where the visitor came from. */
function pages(of: (key: Key, at: number, name: string, properties: Readonly<Record<string, string>>) => DemoEvent, key: Key, random: Random, until: number, sawPrices: boolean): DemoEvent[] {
  const others = Array.from({ length: integer(random, sawPrices ? 0 : 1, 2) }, () => PAGES(random));
  const seen = sawPrices ? [...others, ['Pricing', '/pricing'] as const] : others;
  const source = SOURCES(random);
  let at = until - seen.length * 40 * SECOND;
  return seen.map(([name, path], index) => {
    at += Math.floor((10 + 25 * random()) * SECOND);
    return of(derive(key, VISITS, index + 1), at, name, index === 0 ? { path, ...source } : { path });
  });
}

export interface Visitor {
  readonly key: Key;
  readonly country: Country;
}

export const visitorOf = ({ person }: Citizen): string => uuidOf(derive(person.key, VISITOR));

export interface Money {
  readonly trialStarted: number | null;
  /** The first payment that succeeded. */
  readonly subscribed: number | null;
  readonly plan: string;
}

type Base = Pick<DemoEvent, 'personId' | 'known' | 'feature' | 'client' | 'tier' | 'properties'>;

/** Pages seen before the account: as the rollup leaves a visitor's events once it knows who they are. */
function visitsOf({ person }: Citizen, base: Base): DemoEvent[] | null {
  const random = stream(derive(person.key, VISITS));
  if (!chance(random, CAME_BY_THE_SITE)) {
    return null;
  }
  const lead = Math.min(5 * DAY, lognormal(random, 4, 1.6) * MINUTE);
  return pages((key, at, name, properties) => ({ ...base, key, at, type: 'page', name, properties }), person.key, random, person.createdAt - Math.floor(lead), chance(random, SAW_PRICES));
}

/** When they first chat, if ever: more of them with the shorter checklist, which everybody has since its experiment ended. */
function firstChatOf({ key, createdAt }: Citizen['person'], variant: string | null, onboarding: DemoExperiment | null): number | null {
  const random = stream(derive(key, STEPS, 99));
  const served = variant ?? (onboarding !== null && createdAt >= onboarding.to ? 'short' : 'long');
  return chance(random, FIRST_CHATS[served] ?? 0) ? createdAt + Math.floor(Math.min(20 * DAY, lognormal(random, 9, 1.5) * MINUTE)) : null;
}

/** @returns their events, and whether they came as a visitor first */
export function journeyOf(citizen: Citizen, money: Money | null, onboarding: DemoExperiment | null, until: number): { readonly events: DemoEvent[]; readonly visited: boolean } {
  const { person } = citizen;
  const { createdAt, character: { country } } = person;
  const base: Base = { personId: person.id, known: true, feature: null, client: clientOf(person.key, country, dayOf(createdAt), 0), tier: 'free', properties: null };
  const variant = onboarding !== null && isRunning(onboarding, createdAt) ? onboarding.variantOf(person.id) : null;
  const paying = (at: number | null): Partial<DemoEvent> => (at === null ? {} : { tier: tierOn(citizen, dayOf(at)), properties: { plan: money?.plan ?? '' } });
  const steps: readonly (readonly [at: number | null | undefined, name: string, more: Partial<DemoEvent>])[] = [
    [createdAt, 'Signed Up', {}],
    [variant === null ? null : createdAt + 5 * SECOND, 'Experiment Viewed', { properties: { experiment_id: onboarding?.flag ?? '', variation_id: variant ?? '' } }],
    [firstChatOf(person, variant, onboarding), 'First Chat', { feature: 'chat' }],
    [money?.trialStarted, 'Trial Started', paying(money?.trialStarted ?? null)],
    [money?.subscribed, 'Subscription Started', paying(money?.subscribed ?? null)],
  ];
  const end = Math.min(until, citizen.endedAt ?? until);
  const lived = steps.flatMap(([at, name, more], index): DemoEvent[] =>
    at === null || at === undefined || at > end ? [] : [{ ...base, key: derive(person.key, STEPS, index), at, type: 'track', name, ...more }]);
  const visits = visitsOf(citizen, base);
  return { events: [...(visits ?? []), ...lived], visited: visits !== null };
}

/** Visitors of a UTC day who never sign up, with those who come later today. */
export function* passersBy(company: Company, day: number): Generator<DemoEvent & { readonly visitor: Visitor }> {
  const ofDay = derive(company.key, PASSERS_BY, day);
  const count = poisson(stream(ofDay), PASSERS_BY_PER_SIGN_UP * expectedSignups(company, day) * dayFactor(day, 0.7));
  for (let index = 0; index < count; index += 1) {
    const key = derive(ofDay, VISITOR, index);
    const random = stream(key);
    const country = anyCountry(random);
    const at = startOf(day) + timeOfDay(random, country.utcOffset);
    if (!inIncident(company, at) || chance(random, INCIDENT_SHARE)) {
      const common = { personId: uuidOf(key), known: false, type: 'page' as const, feature: null, tier: 'free' as const, client: clientOf(key, country, day, 0) };
      for (const event of pages((id, seenAt, name, properties) => ({ ...common, key: id, at: seenAt, name, properties }), key, random, at, chance(random, 0.5))) {
        yield { ...event, visitor: { key, country } };
      }
    }
  }
}
