// When an event happened. The clock of a device may be wrong by years, but by the same at the event and at the sending.
import type { IngestResult } from '@admin-center/contracts/engagement-events';

const PAST_MS = 35 * 24 * 3_600_000;
const FUTURE_MS = 5 * 60_000;

/** @returns milliseconds since 1970, or what is wrong with the instant */
export function happenedAt(receivedAt: number, timestamp: string | null, sentAt: string | null): number | Extract<IngestResult, 'invalid' | 'too_old' | 'future'> {
  const said = timestamp === null ? receivedAt : instantOf(timestamp);
  const at = sentAt === null || timestamp === null ? said : receivedAt - (sentInstantOf(sentAt) - said);
  if (Number.isNaN(at)) {
    return 'invalid';
  }
  return at < receivedAt - PAST_MS ? 'too_old' : at > receivedAt + FUTURE_MS ? 'future' : Math.min(at, receivedAt);
}

/** NaN: no instant. */
const instantOf = (text: string): number => (/^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN);

let lastSent = { text: '', instant: Number.NaN };

/** All events of a request were sent at the same instant. */
function sentInstantOf(text: string): number {
  if (text !== lastSent.text) {
    lastSent = { text, instant: instantOf(text) };
  }
  return lastSent.instant;
}
