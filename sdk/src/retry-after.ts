// How long an answer asks to be left alone (RFC 9110, Retry-After: seconds or a date), within bounds of our own.

/** Whoever answers, a proxy with a page of maintenance for one, must not silence a host for longer than that. */
const LONGEST_MS = 60_000;

/** @returns milliseconds from now; 0 for none, or one that cannot be read */
export function retryAfterMs(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  const asked = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(0, asked), LONGEST_MS);
}
