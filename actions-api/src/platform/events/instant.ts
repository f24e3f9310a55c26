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

/** As almost everybody writes it; nothing that Date.parse takes for something of its own fits. */
const IN_UTC = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z)?$/;
/** Of ISO 8601 and RFC 3339 what else there is: a space for the T, an offset without a colon or without minutes, or none. */
const OTHERWISE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(?:(Z)|([+-]\d{2})(?::?(\d{2}))?)?$/i;

/** NaN: no instant. Without an offset it is UTC and not, as Date.parse has it, of the zone that this machine stands in. */
function instantOf(text: string): number {
  if (IN_UTC.test(text)) {
    return Date.parse(text);
  }
  const [, day, time, , hours, minutes = '00'] = OTHERWISE.exec(text) ?? [];
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
}

let lastSent = { text: '', instant: Number.NaN };

/** All events of a request were sent at the same instant. */
function sentInstantOf(text: string): number {
  if (text !== lastSent.text) {
    lastSent = { text, instant: instantOf(text) };
  }
  return lastSent.instant;
}
