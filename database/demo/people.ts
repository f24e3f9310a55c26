// Acme's users: who signs up on a day, and what their id alone says about them for ever.
import { DAY, dayOf, HOUR, MINUTE, startOf } from './calendar.ts';
import { expectedSignups, inIncident, type Company } from './company.ts';
import { anyCountry, type Country } from './countries.ts';
import { chance, exponential, lognormal, pick, poisson } from './draws.ts';
import { derive, keyOf, purpose, settled, stream, uuidOf, type Key } from './random.ts';
import { dayFactor, timeOfDay } from './rhythm.ts';

const PERSON = purpose('person');
const CHARACTER = purpose('character');
const ARRIVALS = purpose('arrivals');
const MISFORTUNE = purpose('misfortune');

/** What drives a person's use. Derived from the id, so that the simulator knows it for every row it reads. */
export interface Character {
  readonly country: Country;
  /** Sessions a day while they are a settled free user, on a mean day. */
  readonly eagerness: number;
  /** Days after sign-up during which a free user comes: at first, and for a few once more much later. */
  readonly stays: readonly { readonly from: number; readonly to: number }[];
  /** Share of a workday's use that is left on a weekend day. */
  readonly weekend: number;
}

export interface Person {
  readonly id: string;
  readonly key: Key;
  readonly createdAt: number;
  readonly character: Character;
}

/** Share of sign-ups of an ordinary day that still get through in the incident. */
export const INCIDENT_SHARE = 1 / 3;

function characterOf(key: Key): Character {
  const random = stream(derive(key, CHARACTER));
  const country = anyCountry(random);
  const kind = random();
  const leaves = kind < 0.3 ? exponential(random, 2) : kind < 0.6 ? 3 + exponential(random, 35) : 20 + exponential(random, 380);
  const returns = leaves + 20 + exponential(random, 60);
  return {
    country,
    eagerness: Math.min(2.5, lognormal(random, 0.112, 0.8)),
    stays: chance(random, 0.14) ? [{ from: 0, to: leaves }, { from: returns, to: returns + 2 + exponential(random, 25) }] : [{ from: 0, to: leaves }],
    weekend: chance(random, 0.65) ? 0.25 + 0.2 * random() : 0.8 + 0.3 * random(),
  };
}

export function personFrom(id: string, createdAt: number): Person {
  const key = keyOf(id);
  return { id, key, createdAt, character: characterOf(key) };
}

/** Everyone who signs up on a UTC day, earliest first; a pure function of the company and the day. */
export function arrivalsOn(company: Company, day: number): Person[] {
  const ofDay = derive(company.key, ARRIVALS, day);
  const count = poisson(stream(ofDay), expectedSignups(company, day) * dayFactor(day, 0.6));
  const arrivals: Person[] = [];
  for (let index = 0; index < count; index += 1) {
    const key = settled(derive(ofDay, PERSON, index));
    const character = characterOf(key);
    const random = stream(derive(key, ARRIVALS));
    const createdAt = startOf(day) + timeOfDay(random, character.country.utcOffset);
    if (!inIncident(company, createdAt) || chance(random, INCIDENT_SHARE)) {
      arrivals.push({ id: uuidOf(key), key, createdAt, character });
    }
  }
  return arrivals.sort((left, right) => left.createdAt - right.createdAt);
}

export interface Misfortune {
  readonly kind: 'suspended' | 'deleted' | 'deleted by themselves';
  readonly at: number;
  readonly reason: string;
}

const SUSPENSIONS = ['Chargeback fraud on three cards', 'Resold access to other people', 'Automated sign-ups from one address', 'Abusive messages to support', 'Stolen payment card reported by the bank', 'Scraping against the terms of use'] as const;
const DELETIONS = ['No longer needed', 'Privacy concerns', 'Switching to another product', 'Duplicate account', 'Too expensive'] as const;

/** Whether an account was suspended or deleted at some time before the company was loaded. */
export function misfortuneOf(company: Company, person: Person): Misfortune | null {
  const random = stream(derive(person.key, MISFORTUNE));
  const drawn = random();
  const earliest = person.createdAt + 2 * HOUR;
  const latest = company.loadedAt - 10 * MINUTE;
  if (drawn > 0.009 || earliest >= latest) {
    return null;
  }
  const at = earliest + Math.floor((latest - earliest) * random() ** 2);
  if (drawn < 0.0033) {
    return { kind: 'suspended', at, reason: pick(random, SUSPENSIONS) };
  }
  return { kind: drawn < 0.0063 ? 'deleted' : 'deleted by themselves', at, reason: pick(random, DELETIONS) };
}

/** Full days since sign-up at the start of a day; negative before it. */
export const ageOn = (person: Person, day: number): number => (startOf(day) - person.createdAt) / DAY;

export const signupDay = (person: Person): number => dayOf(person.createdAt);
