// The `users` row of a person: e-mail, name, sign-in identity and what became of the account.
import { iso } from './calendar.ts';
import { chance, chooser, integer, pick } from './draws.ts';
import { DEMO_MARK } from './mark.ts';
import { nameFrom, type Name } from './names.ts';
import type { Misfortune, Person } from './people.ts';
import { derive, purpose, stream, token, type Random } from './random.ts';
import type { UserRow } from './tables.ts';

const ACCOUNT = purpose('account');
const SUBJECT = purpose('subject');

/** All of them under .example, which no one can own (RFC 2606). */
const DOMAINS = chooser<string>([
  ['inbox.example', 30], ['post.example', 18], ['mailbox.example', 12], ['fastpost.example', 7], ['northwind.example', 4], ['globex.example', 4],
  ['initech.example', 3], ['umbra-labs.example', 3], ['blue-harbor.example', 3], ['contoso-research.example', 2], ['tuberlin.example', 2],
  ['stateuniversity.example', 3], ['studio-kite.example', 2], ['oakwood-school.example', 2], ['hexagon.example', 2], ['vela-robotics.example', 1],
]);

/** @returns the `users.jwt_id` of a person, or null for the few whose account has not been linked to a sign-in yet */
export function subjectOf(person: Person): string | null {
  const key = derive(person.key, SUBJECT);
  const drawn = stream(key)();
  const digits = (length: number): string => key.map((word) => String(word).padStart(10, '7')).join('').slice(0, length);
  if (drawn < 0.6) {
    return `auth0|${key.map((word) => word.toString(16).padStart(8, '0')).join('').slice(0, 24)}`;
  }
  if (drawn < 0.85) {
    return `google-oauth2|1${digits(20)}`;
  }
  if (drawn < 0.93) {
    // Longer than GitHub's own, so that two of a few million people never share one.
    return `github|${digits(16)}`;
  }
  return drawn < 0.97 ? `windowslive|${token(key, 2)}` : null;
}

function addressFor(random: Random, name: Name, taken: ReadonlySet<string>): string {
  const { latinGiven: given, latinFamily: family } = name;
  const style = random();
  const local = style < 0.5 ? `${given}.${family}` : style < 0.65 ? `${given}${family}` : style < 0.8 ? `${given[0]}.${family}` : style < 0.9 ? `${given}_${family}` : `${family}.${given}`;
  const tag = chance(random, 0.015) ? `+${pick(random, ['ai', 'llm', 'work', 'test', 'cloud'])}` : '';
  const cased = chance(random, 0.02) ? local.replace(/(^|[._])([a-z])/g, (found) => found.toUpperCase()) : local;
  const domain = DOMAINS(random);
  for (let digits = 0; digits < 8; digits += 1) {
    const number = digits === 0 ? '' : String(integer(random, 10 ** (digits - 1) * 2, 10 ** digits * 9));
    const address = `${cased}${number}${tag}@${domain}`;
    if (!taken.has(address.toLowerCase())) {
      return address;
    }
  }
  throw new Error('no free e-mail address was found: the company is too large for its lists of names');
}

function metadataOf(misfortune: Misfortune | null): Record<string, unknown> {
  return misfortune?.kind === 'deleted by themselves'
    ? { ...DEMO_MARK, is_deleted: true, deleted_at: iso(misfortune.at), deletion_reason: misfortune.reason }
    : { ...DEMO_MARK };
}

/**
 * @param taken e-mail addresses in lower case that exist already; the new one is added
 * @param misfortune what became of the account before now, if anything did
 */
export function accountOf(person: Person, taken: Set<string>, misfortune: Misfortune | null): UserRow {
  const random = stream(derive(person.key, ACCOUNT));
  const { country } = person.character;
  const name = nameFrom(random, pick(random, country.cultures));
  const subject = subjectOf(person);
  const placeholder = chance(random, 0.004) && subject !== null;
  const email = placeholder ? `${subject}@placeholder.local` : addressFor(random, name, taken);
  taken.add(email.toLowerCase());
  const nameless = chance(random, 0.03);
  return {
    id: person.id,
    email,
    jwt_id: subject,
    name: nameless || placeholder ? null : name.full,
    nickname: chance(random, nameless ? 0.5 : 0.2) ? name.given : null,
    email_verified: !placeholder && chance(random, 0.94),
    locale: chance(random, 0.9) ? country.locale : null,
    created_at: iso(person.createdAt),
    updated_at: iso(misfortune?.at ?? person.createdAt),
    metadata: JSON.stringify(metadataOf(misfortune)),
    is_suspended: misfortune?.kind === 'suspended',
    suspended_at: misfortune?.kind === 'suspended' ? iso(misfortune.at) : null,
    suspension_reason: misfortune?.kind === 'suspended' ? misfortune.reason : null,
    deleted_at: misfortune?.kind === 'deleted' ? iso(misfortune.at) : null,
  };
}
