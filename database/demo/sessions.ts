// Which sessions a person has on a day, told by their id and the day: loading writes the past of this, the simulator its present.
import { DAY, iso, MINUTE, SECOND, startOf } from './calendar.ts';
import { addressOf } from './addresses.ts';
import { inIncident, type Company } from './company.ts';
import { chance, countAt, lognormal } from './draws.ts';
import { ageOn, INCIDENT_SHARE, signupDay, type Person } from './people.ts';
import { derive, fate, purpose, settled, stream, uuidOf, type Key, type Random } from './random.ts';
import { dayFactor, timeOfDay } from './rhythm.ts';
import type { InsertOf, PaidTier } from './tables.ts';
import { userAgentOf } from './user-agents.ts';

const SESSIONS = purpose('sessions');
const SESSION = purpose('session');
const BEAT = purpose('beat');

/** An access token of the host's identity provider is good for a day. */
const TOKEN_LIFE = DAY;
const MOST_A_DAY = 6;
const TIER_FACTOR: Readonly<Record<PaidTier | 'free', number>> = { free: 1, premium: 2.1, enterprise: 3.2 };
const SIGNS_OUT = 0.36;
const SINGLE_EVENT = 0.11;
/** Sessions in use touch `last_activity` this often, about. */
const BEAT_EVERY = 40 * SECOND;

export interface Session {
  readonly key: Key;
  readonly person: Person;
  readonly day: number;
  /** Which of the person's sessions of that UTC day it is. */
  readonly visit: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly signsOut: boolean;
}

const NONE: readonly Session[] = [];

/** Expected sessions on a day. Newcomers try much, most leave, who pays stays. */
function expected(person: Person, day: number, tier: PaidTier | 'free'): number {
  const age = ageOn(person, day);
  const { eagerness, stays, weekend } = person.character;
  if (tier === 'free' && !stays.some(({ from, to }) => age >= from - 1 && age < to)) {
    return 0;
  }
  const novelty = age < 4 ? 2.2 : 0.75 + 0.5 * Math.exp(-age / 45);
  return eagerness * TIER_FACTOR[tier] * novelty * dayFactor(day, weekend);
}

function duration(random: Random): number {
  return chance(random, SINGLE_EVENT) ? 0 : Math.floor(Math.min(600, lognormal(random, 10, 1.15)) * MINUTE);
}

/** The sessions of a person that start on a UTC day, in no particular order; the first ever is the sign-up itself. */
export function sessionsOn(company: Company, person: Person, day: number, tier: PaidTier | 'free'): readonly Session[] {
  const firstDay = signupDay(person);
  if (day < firstDay) {
    return NONE;
  }
  const mean = expected(person, day, tier);
  const count = (mean === 0 ? 0 : Math.min(MOST_A_DAY, countAt(fate(person.key, SESSIONS, day), mean))) + (day === firstDay ? 1 : 0);
  if (count === 0) {
    return NONE;
  }
  const ofDay = derive(person.key, SESSION, day);
  const random = stream(ofDay);
  const sessions: Session[] = [];
  for (let visit = 0; visit < count; visit += 1) {
    const signup = day === firstDay && visit === 0;
    const startsAt = signup ? person.createdAt : startOf(day) + timeOfDay(random, person.character.country.utcOffset);
    const lost = inIncident(company, startsAt) && !signup && random() > INCIDENT_SHARE;
    const endsAt = startsAt + duration(random);
    const signsOut = chance(random, SIGNS_OUT);
    const cut = startsAt < company.incident.from && endsAt > company.incident.from && random() > INCIDENT_SHARE;
    if (!lost && startsAt >= person.createdAt) {
      sessions.push({ key: settled(derive(ofDay, SESSION, visit)), person, day, visit, startsAt, endsAt: cut ? company.incident.from : endsAt, signsOut });
    }
  }
  return sessions;
}

/** The last time a session was used up to `at`: its end, or the latest beat while it goes on. */
export function lastBeat(session: Session, at: number): number {
  if (session.endsAt <= at) {
    return session.endsAt;
  }
  const phase = Math.floor(fate(session.key, BEAT) * BEAT_EVERY);
  const beats = Math.floor((at - session.startsAt - phase) / BEAT_EVERY);
  return beats < 0 ? session.startsAt : session.startsAt + phase + beats * BEAT_EVERY;
}


/**
 * The row of a session as it stands at a moment.
 * @param revokedAt when an admin ended all sessions of the person, or null
 */
export function sessionRow(session: Session, at: number, revokedAt: number | null): InsertOf<'user_sessions'> {
  const { person, day, visit, startsAt, endsAt } = session;
  const until = Math.min(at, revokedAt ?? at);
  const { platform, userAgent } = userAgentOf(person.key, day, visit);
  const id = uuidOf(session.key);
  const expiresAt = startsAt + TOKEN_LIFE;
  return {
    id,
    user_id: person.id,
    // In order of time, so that its unique index is filled at one end.
    session_token: `demo-${startsAt.toString(36)}-${id.slice(0, 8)}`,
    jwt_access_token: 'demo-access',
    jwt_id_token: 'demo-id',
    refresh_token: 'demo-refresh',
    expires_at: iso(expiresAt),
    created_at: iso(startsAt),
    last_activity: iso(lastBeat(session, until)),
    ip_address: addressOf(person.key, person.character.country, day, visit, platform === 'mobile'),
    user_agent: userAgent,
    is_active: !(session.signsOut && endsAt <= at) && !(revokedAt !== null && expiresAt > revokedAt),
  };
}

