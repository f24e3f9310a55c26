// What people do in the product between two moments, as its own events would tell it: pages, uses of features, the way to
// an account and to a subscription. What the host's tables record is mirrored from there and is not among it.
import { addressOf } from '../addresses.ts';
import { DAY, dayOf, iso } from '../calendar.ts';
import type { Citizen } from '../citizens.ts';
import type { Country } from '../countries.ts';
import type { DemoEvent } from '../events/event.ts';
import { experimentOf } from '../events/experiments.ts';
import { sentEvents } from '../events/sessions.ts';
import { journeyOf, passersBy, visitorOf } from '../events/visitors.ts';
import { uuidOf, type Key } from '../random.ts';
import type { Session } from '../sessions.ts';
import { userAgentOf } from '../user-agents.ts';
import { sessionsBetween, type World } from './world.ts';

/** A message of Segment's tracking API. */
export type TrackingMessage = Readonly<Record<string, unknown>>;

export interface Begun {
  readonly userId: string;
  readonly id: string;
  readonly at: number;
  readonly name: 'Trial Started' | 'Subscription Started';
  readonly plan: string;
}

/** Newcomers whose first chat may still come. */
const NEWCOMER_DAYS = 21;

const contextOf = (person: Key, country: Country, day: number, visit: number): TrackingMessage => {
  const { platform, userAgent } = userAgentOf(person, day, visit);
  const version = /^CloudToLocalLLM\/([\d.]+)/.exec(userAgent)?.[1];
  const app = version === undefined ? {} : { app: { version }, os: { name: /\((Windows|macOS|Linux)/.exec(userAgent)?.[1] }, device: { type: 'desktop' } };
  return { ip: addressOf(person, country, day, visit, platform === 'mobile'), userAgent, ...(platform === 'unknown' ? {} : { platform }), ...app };
};

function messageOf(event: DemoEvent, context: TrackingMessage, who: TrackingMessage): TrackingMessage {
  const properties = { ...event.properties, ...(event.feature === null ? {} : { feature: event.feature }) };
  return { type: event.type, messageId: uuidOf(event.key), timestamp: iso(event.at), ...who, ...(event.type === 'page' ? { name: event.name } : { event: event.name }), properties, context };
}

export interface Happenings {
  /** Events after `from` and up to `to`. @param isThere whether the session's user uses it, as the host's tables say */
  between(world: World, from: number, to: number, isThere: (session: Session) => boolean): TrackingMessage[];
  begun(world: World, begun: readonly Begun[]): TrackingMessage[];
}

/** @param loadedAt when the company was loaded, which its experiments count from */
export function createHappenings(loadedAt: number): Happenings {
  const pricing = experimentOf('pricing-page', loadedAt);
  const onboarding = experimentOf('onboarding-checklist', loadedAt);
  const visits = new Map<number, ReturnType<typeof passersByOf>>();
  const passersByOf = (world: World, day: number) => [...passersBy(world.company, day)];

  const ofVisitors = (world: World, from: number, to: number): TrackingMessage[] => {
    const messages: TrackingMessage[] = [];
    for (let day = dayOf(from); day <= dayOf(to); day += 1) {
      const ofDay = visits.get(day) ?? passersByOf(world, day);
      visits.set(day, ofDay);
      for (const event of ofDay) {
        if (event.at > from && event.at <= to) {
          messages.push(messageOf(event, contextOf(event.visitor.key, event.visitor.country, day, 0), { anonymousId: event.personId }));
        }
      }
    }
    for (const day of [...visits.keys()].filter((one) => one < dayOf(from))) {
      visits.delete(day);
    }
    return messages;
  };
  const ofNewcomers = (world: World, from: number, to: number): TrackingMessage[] =>
    newcomersOf(world, from, to).flatMap((citizen) => {
      const { person } = citizen;
      const day = dayOf(person.createdAt);
      const context = contextOf(person.key, person.character.country, day, 0);
      const { events, visited } = journeyOf(citizen, null, onboarding, to);
      const isNew = person.createdAt > from;
      const anonymousId = visitorOf(citizen);
      const before = isNew && visited ? events.filter(({ type }) => type === 'page').map((event) => messageOf(event, context, { anonymousId })) : [];
      const identified = isNew && visited ? [{ type: 'identify', messageId: `identify-${person.id}`, timestamp: iso(person.createdAt), userId: person.id, anonymousId, context }] : [];
      const after = events.filter(({ type, at }) => type === 'track' && at > from && at <= to).map((event) => messageOf(event, context, { userId: person.id }));
      return [...before, ...identified, ...after];
    });

  return {
    between(world, from, to, isThere) {
      const used = sessionsBetween(world, from, to).flatMap((session) => {
        const citizen = world.byId.get(session.person.id);
        const events = citizen === undefined ? [] : sentEvents(world.company, session, citizen, pricing).filter(({ at }) => at > from && at <= to);
        const { person, day, visit } = session;
        return events.length === 0 || !isThere(session) ? [] : events.map((event) => messageOf(event, contextOf(person.key, person.character.country, day, visit), { userId: person.id }));
      });
      return [...ofVisitors(world, from, to), ...ofNewcomers(world, from, to), ...used];
    },
    begun: (world, begun) =>
      begun.map(({ userId, id, at, name, plan }) => ({ type: 'track', messageId: `${name}-${id}`, timestamp: iso(at), userId, event: name, properties: { plan }, context: world.byId.get(userId) === undefined ? {} : contextOfUser(world.byId.get(userId) as Citizen, at) })),
  };
}

const contextOfUser = ({ person }: Citizen, at: number): TrackingMessage => contextOf(person.key, person.character.country, dayOf(at), 0);

/** Who signed up lately, newest last. */
function newcomersOf(world: World, from: number, to: number): Citizen[] {
  const found: Citizen[] = [];
  for (let index = world.citizens.length - 1; index >= 0; index -= 1) {
    const citizen = world.citizens[index] as Citizen;
    if (citizen.person.createdAt <= from - NEWCOMER_DAYS * DAY) {
      break;
    }
    if (citizen.person.createdAt <= to && citizen.endedAt === null) {
      found.push(citizen);
    }
  }
  return found.toReversed();
}

