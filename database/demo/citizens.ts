// A person together with what has become of them: what decides whether, and how much, they use the product.
import { adminPeople } from './admins.ts';
import { DAY, dayOf, startOf } from './calendar.ts';
import type { Company } from './company.ts';
import { signupDay, type Person } from './people.ts';
import { sessionsOn, type Session } from './sessions.ts';
import type { PaidTier } from './tables.ts';

export interface Citizen {
  readonly person: Person;
  /** `users.jwt_id`. */
  readonly subject: string | null;
  /** When the account was suspended or deleted; nothing is used after that. */
  readonly endedAt: number | null;
  /** The last UTC day on which they can have a session; loops over everybody skip the ones who are gone by it. */
  readonly lastDay: number;
  /** Spans of a paid tier or a trial; `to` is null while it runs. */
  readonly paid: readonly { readonly tier: PaidTier; readonly from: number; readonly to: number | null }[];
}

/** @param endedAt when the account was suspended or deleted, or null */
export function citizenOf(person: Person, subject: string | null, endedAt: number | null, paid: Citizen['paid']): Citizen {
  const leaves = person.createdAt + Math.max(...person.character.stays.map((stay) => stay.to)) * DAY;
  const last = Math.max(leaves, ...paid.map((span) => span.to ?? Number.POSITIVE_INFINITY));
  return { person, subject, endedAt, paid, lastDay: Math.floor(Math.min(last, endedAt ?? last) / DAY) };
}

/** The tier somebody has at the end of a day, or at its start on the day they leave. */
export function tierOn(citizen: Citizen, day: number): PaidTier | 'free' {
  if (citizen.paid.length === 0) {
    return 'free';
  }
  const held = citizen.paid.filter((span) => dayOf(span.from) <= day && (span.to === null || startOf(day) < span.to));
  return held.find((span) => span.tier === 'enterprise')?.tier ?? held[0]?.tier ?? 'free';
}

/** Acme's own people use what they sell. */
export const adminCitizens = (company: Company): Citizen[] => adminPeople(company).map(({ person, subject }) => citizenOf(person, subject, null, [{ tier: 'enterprise', from: person.createdAt, to: null }]));

/**
 * All sessions that start on a UTC day, earliest first.
 * @param citizens in the order they signed up
 */
export function sessionsOfDay(company: Company, citizens: readonly Citizen[], day: number): Session[] {
  const sessions: Session[] = [];
  for (const citizen of citizens) {
    if (citizen.lastDay < day) {
      continue;
    }
    if (signupDay(citizen.person) > day) {
      break;
    }
    for (const session of sessionsOn(company, citizen.person, day, tierOn(citizen, day))) {
      if (citizen.endedAt === null || session.startsAt < citizen.endedAt) {
        sessions.push(session);
      }
    }
  }
  return sessions.sort((left, right) => left.startsAt - right.startsAt);
}
