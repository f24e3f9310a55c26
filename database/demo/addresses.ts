// The invented IP addresses users come from: a home, perhaps an office, and whatever a phone gets on the day.
import { pick } from './draws.ts';
import type { Country } from './countries.ts';
import { derive, fate, purpose, stream, type Key } from './random.ts';

const PLACE = purpose('place');
const VISIT = purpose('place of a session');
const HOME = 0;
const OFFICE = 1;
/** A home connection gets another address about once a month. */
const LEASE_DAYS = 30;

function addressIn(country: Country, key: Key): string {
  const random = stream(key);
  const { ipv4, ipv6 = [] } = country;
  if (ipv6.length > 0 && random() < 0.25) {
    const group = (): string => Math.floor(random() * 0x10000).toString(16);
    return `${pick(random, ipv6)}:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`;
  }
  return `${pick(random, ipv4)}.${Math.floor(random() * 256)}.${1 + Math.floor(random() * 254)}`;
}

/** The address of one session. Sessions of one person mostly share theirs, as they do behind a router. */
export function addressOf(person: Key, country: Country, day: number, visit: number, mobile: boolean): string {
  const where = fate(person, VISIT, day * 8 + visit);
  if (mobile && where < 0.6) {
    return addressIn(country, derive(person, PLACE, 1_000_000 + day * 8 + visit));
  }
  if (where > 0.7) {
    return addressIn(country, derive(person, PLACE, OFFICE));
  }
  return addressIn(country, derive(derive(person, PLACE, HOME), PLACE, Math.floor(day / LEASE_DAYS)));
}
