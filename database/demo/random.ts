// Keyed randomness: every draw about a thing follows from the thing's own key, so the loaded past and the simulated
// present are parts of one story, and a restart tells it again unchanged.

/** 128 bits that name a thing: the words of its UUID. */
export type Key = readonly [number, number, number, number];
/** Draws a number in [0, 1). */
export type Random = () => number;

const FRACTION = 2 ** -32;
const WARM_UP = 8;

/** The finalizer of MurmurHash3: a bijection of 32-bit words in which every bit depends on every other. */
function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Names what draws are for, so that two purposes of one key never share their numbers. */
export function purpose(name: string): number {
  let h = 0x811c9dc5;
  for (const character of name) {
    h = mix(Math.imul(h ^ character.codePointAt(0)!, 0x01000193));
  }
  return h;
}

/** The key of something inside another: for a fixed purpose, two different indexes never give the same key. */
export function derive(key: Key, what: number, index = 0): Key {
  const a = mix(key[0] ^ what);
  const b = mix(key[1] ^ a ^ index);
  const c = mix(key[2] ^ b ^ Math.imul(a, 5));
  const d = mix(key[3] ^ c ^ Math.imul(b, 9));
  return [mix(a ^ d), b, c, d];
}

export const keyOfSeed = (seed: number): Key => derive([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0, 0], purpose('seed'));

/** Draws in order: sfc32 started from a key. */
export function stream(key: Key): Random {
  let [a, b, c] = key;
  let counter = key[3] | 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum | 0;
    return (sum >>> 0) * FRACTION;
  };
  for (let round = 0; round < WARM_UP; round += 1) {
    next();
  }
  return next;
}

/** One number in [0, 1) that belongs to the key for good: the last word of `derive`, without making the others. */
export function fate(key: Key, what: number, index = 0): number {
  const a = mix(key[0] ^ what);
  const b = mix(key[1] ^ a ^ index);
  const c = mix(key[2] ^ b ^ Math.imul(a, 5));
  return mix(key[3] ^ c ^ Math.imul(b, 9)) * FRACTION;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const half = (word: number, shift: number): string => HEX[(word >>> (shift + 8)) & 255]! + HEX[(word >>> shift) & 255]!;

/** The key as a version 4 UUID; six of its bits are given up to the format. */
export function uuidOf(key: Key): string {
  const version = (key[1] & 0xffff0fff) | 0x4000;
  const variant = (key[2] & 0x3fffffff) | 0x80000000;
  return `${half(key[0], 16)}${half(key[0], 0)}-${half(version, 16)}-${half(version, 0)}-${half(variant, 16)}-${half(variant, 0)}${half(key[3], 16)}${half(key[3], 0)}`;
}

/** The key a UUID stands for, so that a row read back from the database leads to the same draws as when it was made. */
export function keyOf(uuid: string): Key {
  const hex = uuid.replaceAll('-', '');
  const word = (at: number): number => Number.parseInt(hex.slice(at, at + 8), 16) >>> 0;
  return [word(0), word(8), word(16), word(24)];
}

/** What is left of a key in its UUID: `keyOf(uuidOf(key))` equals `settled(key)`. */
export const settled = (key: Key): Key => [key[0], ((key[1] & 0xffff0fff) | 0x4000) >>> 0, ((key[2] & 0x3fffffff) | 0x80000000) >>> 0, key[3]];

/** A short word of lower-case letters and digits, for invented ids such as Stripe's. */
export const token = (key: Key, words = 4): string =>
  key
    .slice(0, words)
    .map((word) => word.toString(36).padStart(7, '0'))
    .join('');
