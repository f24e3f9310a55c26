// What the demo company's events must show: a funnel that narrows, people who leave, features that are paid for, the
// rhythm of a week, the incident, and experiments that have an effect.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { DAY, dayOf, HOUR, isWeekend } from '../calendar.ts';
import { sessionsOfDay } from '../citizens.ts';
import { createCompany } from '../company.ts';
import { populate, type Population } from '../population.ts';
import { uuidOf } from '../random.ts';
import type { DemoEvent } from './event.ts';
import { FEATURES } from './features.ts';
import { eventsOf, type Link } from './stream.ts';

const company = createCompany({ seed: 42, users: 5_000, days: 120, now: Date.parse('2026-05-14T15:20:00Z') });
let population: Population;
let events: DemoEvent[];
const links: Link[] = [];
beforeAll(() => {
  population = populate(company);
  events = [...eventsOf(company, population, links, () => undefined)];
}, 60_000);

const isAdmin = (userId: string): boolean => population.admin_roles.some((role) => role.user_id === userId && role.is_active);
const named = (name: string): DemoEvent[] => events.filter((event) => event.name === name);
const people = (list: readonly DemoEvent[]): Set<string> => new Set(list.map(({ personId }) => personId));
const within = (value: number, low: number, high: number): void => {
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
};

describe('the stream', () => {
  test('has each message once, nothing of later or of admins, and of users only what is theirs', () => {
    expect(new Set(events.map(({ key }) => uuidOf(key))).size).toBe(events.length);
    expect(events.every(({ at }) => at <= company.loadedAt && at > (company.sessionsSince - 8) * DAY)).toBe(true);
    const admins = new Set(population.admin_roles.filter((role) => role.is_active).map((role) => role.user_id));
    expect(admins.size).toBeGreaterThan(0);
    expect(events.some(({ personId }) => admins.has(personId))).toBe(false);
    const users = new Map(population.citizens.map((citizen) => [citizen.person.id, citizen]));
    const wrong = events.filter(({ known, personId, at, type }) => {
      const citizen = users.get(personId);
      const lived = citizen === undefined || type === 'page' || (at >= citizen.person.createdAt && at <= (citizen.endedAt ?? company.loadedAt));
      return known !== (citizen !== undefined) || !lived;
    });
    expect(wrong).toEqual([]);
  });

  test('is about 27 events a user, from everywhere and with everything', () => {
    within(events.length / population.users.length, 18, 36);
    const shares = (of: (event: DemoEvent) => string): Record<string, number> => {
      const sums: Record<string, number> = {};
      events.forEach((event) => (sums[of(event)] = (sums[of(event)] ?? 0) + 1 / events.length));
      return sums;
    };
    const countries = shares(({ client }) => client.country);
    within(countries['US'] ?? 0, 0.2, 0.45);
    within(countries['hosting'] ?? 0, 0.005, 0.05);
    within(countries['unknown'] ?? 0, 0.005, 0.03);
    expect(Object.keys(countries).length).toBeGreaterThan(30);
    const platforms = shares(({ client }) => client.platform);
    within(platforms['desktop'] ?? 0, 0.25, 0.5);
    within(platforms['web'] ?? 0, 0.25, 0.55);
    within(platforms['mobile'] ?? 0, 0.1, 0.28);
    expect(Object.keys(shares(({ client }) => client.os)).toSorted()).toEqual(['Android', 'Chrome OS', 'Linux', 'Windows', 'iOS', 'macOS', 'unknown']);
    expect(Object.keys(shares(({ client }) => client.appVersion)).filter((version) => /^7\.\d+\.0$/.test(version)).length).toBeGreaterThan(3);
    expect(events.some(({ client }) => client.region === 'US-CA')).toBe(true);
  });

  test('has the sessions of the host, no more and no fewer', () => {
    const days = [20, 10, 0].map((ago) => dayOf(company.loadedAt) - ago);
    for (const day of days) {
      const sessions = sessionsOfDay(company, population.citizens, day).filter(({ person, startsAt }) => !isAdmin(person.id) && startsAt <= company.loadedAt);
      const started = named('Session Started').filter(({ at }) => dayOf(at) === day);
      expect(started.map(({ personId, at }) => `${personId} ${at}`).toSorted()).toEqual(sessions.map(({ person, startsAt }) => `${person.id} ${startsAt}`).toSorted());
    }
  });
});

describe('the way to a subscription', () => {
  test('narrows with each step', () => {
    const since = company.loadedAt - 60 * DAY;
    const until = company.loadedAt - 21 * DAY;
    const own = new Map(links.map(({ user_id: userId }) => [userId, true]));
    let reached = people(named('Pricing').filter(({ at, known, personId }) => at >= since && at < until && (!known || own.has(personId))));
    const counts = [reached.size];
    for (const step of ['Signed Up', 'First Chat', 'Trial Started', 'Subscription Started']) {
      const next = people(named(step));
      reached = new Set([...reached].filter((person) => next.has(person)));
      counts.push(reached.size);
    }
    counts.reduce((before, count) => {
      expect(count).toBeLessThan(before);
      expect(count).toBeGreaterThan(0);
      return count;
    });
    within((counts[1] ?? 0) / (counts[0] ?? 1), 0.15, 0.7);
    within((counts[3] ?? 0) / (counts[2] ?? 1), 0.05, 0.4);
  });

  test('ends when the host says that it was paid', () => {
    const paid = new Set(population.payment_transactions.filter(({ status }) => status === 'succeeded').map(({ user_id: userId, created_at: at }) => `${userId} ${Date.parse(at)}`));
    const started = named('Subscription Started').filter(({ personId, at }) => paid.has(`${personId} ${at}`));
    expect(started.length).toBeGreaterThan(named('Subscription Started').length * 0.9);
  });

  test('begins as a visitor for most, whose account is known', () => {
    within(links.length / named('Signed Up').length, 0.65, 0.83);
    expect(new Set(links.map(({ anonymous_id: id }) => id)).size).toBe(links.length);
    expect(events.some(({ known }) => !known)).toBe(true);
    expect(events.some(({ properties }) => properties?.['utm_source'] === 'newsletter')).toBe(true);
  });
});

describe('use', () => {
  test('of newcomers decays and does not end', () => {
    const seen = new Map<string, Set<number>>();
    for (const { personId, at } of named('Session Started')) {
      seen.set(personId, (seen.get(personId) ?? new Set()).add(dayOf(at)));
    }
    const newcomers = named('Signed Up').filter(({ at }) => at < company.loadedAt - 32 * DAY);
    const back = (day: number): number => newcomers.filter(({ personId, at }) => seen.get(personId)?.has(dayOf(at) + day)).length / newcomers.length;
    expect(back(1)).toBeGreaterThan(back(7));
    expect(back(7)).toBeGreaterThan(back(30));
    expect(back(30)).toBeGreaterThan(0.01);
  });

  test('of what is paid for is by those who pay, and of the newest feature rises', () => {
    for (const { key, tiers } of FEATURES) {
      const uses = events.filter(({ feature }) => feature === key);
      expect(uses.length).toBeGreaterThan(0);
      expect(uses.every(({ tier }) => tiers.includes(tier))).toBe(true);
    }
    const voice = named('Voice Started').map(({ at }) => (company.loadedAt - at) / DAY);
    expect(voice.every((days) => days < 84)).toBe(true);
    expect(voice.filter((days) => days < 28).length).toBeGreaterThan(voice.filter((days) => days > 56).length * 1.5);
  });

  test('is low at weekends', () => {
    const perDay = (weekend: boolean): number => {
      const days = named('Session Started').filter(({ at }) => isWeekend(dayOf(at)) === weekend);
      return days.length / new Set(days.map(({ at }) => dayOf(at))).size;
    };
    within(perDay(true) / perDay(false), 0.4, 0.75);
  });

  test('breaks down in the incident', () => {
    const { from, to } = company.incident;
    const week = 7 * DAY;
    const between = (name: string, since: number, until: number): number => named(name).filter(({ at }) => at >= since && at < until).length;
    within(between('Session Started', from, to) / between('Session Started', from - week, to - week), 0.2, 0.5);
    expect(between('Pricing', from, to)).toBeLessThan(between('Pricing', from - week, to - week) * 0.75);
    within(between('Session Started', to, to + 9 * HOUR) / between('Session Started', to - week, to - week + 9 * HOUR), 0.75, 1.3);
  });
});

describe('experiments', () => {
  test('split evenly, show each user one variant, and the shorter checklist brings more first chats', () => {
    const viewed = named('Experiment Viewed').filter(({ properties }) => properties?.['experiment_id'] === 'onboarding-checklist');
    const byVariant = (variant: string): Set<string> => people(viewed.filter(({ properties }) => properties?.['variation_id'] === variant));
    const [long, short] = [byVariant('long'), byVariant('short')];
    expect([...long].some((person) => short.has(person))).toBe(false);
    within(long.size / short.size, 0.85, 1.18);
    const chatted = people(named('First Chat'));
    const share = (group: ReadonlySet<string>): number => [...group].filter((person) => chatted.has(person)).length / group.size;
    within(share(short) - share(long), 0.03, 0.17);
  });

  test('of the prices run, and hold some people out', () => {
    const viewed = named('Experiment Viewed').filter(({ properties }) => properties?.['experiment_id'] === 'pricing-page');
    expect(viewed.length).toBeGreaterThan(20);
    expect(viewed.every(({ at }) => at > company.loadedAt - 13 * DAY)).toBe(true);
    const looked = named('Pricing').filter(({ at, known, tier }) => known && tier === 'free' && at > company.loadedAt - 11 * DAY);
    expect(people(viewed).size).toBeLessThan(people(looked).size);
  });
});
