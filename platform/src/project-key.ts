// The form of a project key: `acp_<environment>_<id>_<32 random characters><crc32>`. The checksum lets secret scanners
// and us tell a mistyped key from an unknown one without asking the database.
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type Environment = 'live' | 'test';

const PATTERN = /^acp_(live|test)_([a-z0-9]{12})_([A-Za-z0-9]{32})([0-9a-f]{8})$/;
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LETTERS = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

export interface NewKey {
  readonly id: string;
  /** The whole key; shown once. */
  readonly secret: string;
  readonly secretHash: Buffer;
  readonly last4: string;
}

/** @param random bytes; the secret carries 190 bits of them */
export function makeKey(environment: Environment, random: (length: number) => Buffer = randomBytes): NewKey {
  const id = pick(LOWER, 12, random);
  const body = `acp_${environment}_${id}_${pick(LETTERS, 32, random)}`;
  const secret = body + checksum(body);
  return { id, secret, secretHash: hashOf(secret), last4: secret.slice(-4) };
}

/** @returns the id a key claims to have; null for what cannot be a key */
export function idOf(secret: string): string | null {
  const match = PATTERN.exec(secret);
  return match !== null && checksum(secret.slice(0, -8)) === match[4] ? (match[2] ?? null) : null;
}

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** What a list shows of a key. */
export const prefixOf = (environment: string, id: string): string => `acp_${environment}_${id}`;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** Bytes that would make some letters likelier than others are thrown away. */
function pick(letters: string, length: number, random: (length: number) => Buffer): string {
  const fair = 256 - (256 % letters.length);
  let text = '';
  while (text.length < length) {
    text += [...random(length)].filter((byte) => byte < fair).map((byte) => letters[byte % letters.length]).join('');
  }
  return text.slice(0, length);
}
