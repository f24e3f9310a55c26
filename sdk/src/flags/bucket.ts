// Which of 100,000 buckets a key falls into. The hash is MurmurHash3 (x86, 32 bits, by Austin Appleby, public domain)
// over UTF-8, so any language can compute the same. Changing anything here moves users between variants.

export const BUCKETS = 100_000;

/** Independent draws from one salt and key. */
export const SEEDS = { percentage: 0, variant: 1, holdOut: 2, group: 3 } as const;

const encoder = new TextEncoder();
// Looked up once: this is called for every evaluation.
const { floor, imul, round } = Math;

export function murmur3(text: string, seed: number): number {
  let hash = seed | 0;
  const blocks = text.length & ~3;
  let at = 0;
  // Keys are nearly always ASCII, where characters are bytes; encoding them would cost more than hashing them.
  for (; at < blocks; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 127) {
      return ofBytes(encoder.encode(text), seed);
    }
    hash = mix(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let last = text.length - 1; last >= at; last -= 1) {
    const code = text.charCodeAt(last);
    if (code > 127) {
      return ofBytes(encoder.encode(text), seed);
    }
    tail = (tail << 8) | code;
  }
  return finish(hash ^ scramble(tail) ^ text.length);
}

function ofBytes(bytes: Uint8Array, seed: number): number {
  const byte = (at: number): number => bytes[at] as number;
  const blocks = bytes.length & ~3;
  let hash = seed | 0;
  for (let at = 0; at < blocks; at += 4) {
    hash = mix(hash, byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24));
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks; at -= 1) {
    tail = (tail << 8) | byte(at);
  }
  return finish(hash ^ scramble(tail) ^ bytes.length);
}

function mix(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  const once = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = imul(block, 0xcc9e2d51);
  return imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/** 0 to 99,999; the same for the same salt and key for ever. */
export const bucketOf = (salt: string, key: string, seed: number = SEEDS.percentage): number =>
  floor((murmur3(`${salt}:${key}`, seed) * BUCKETS) / 0x1_0000_0000);

/** A share in per cent, with three decimals, as the number of buckets it holds. */
export const bucketsOf = (percentage: number): number => round((percentage * BUCKETS) / 100);
