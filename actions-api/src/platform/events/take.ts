// Takes the messages of one request: reads each, writes the good ones, and says of every one what became of it.
import type { EventType, IngestResult } from '@admin-center/contracts/engagement-events';
import { isTooLarge, LARGEST_EVENT } from './body.ts';
import type { EventCounter } from './counter.ts';
import { SAYS } from './judge.ts';
import type { Arrival, Reading } from './read-event.ts';
import type { Writer } from './writer.ts';

export interface EventAnswer {
  readonly index: number;
  readonly messageId: string | null;
  readonly result: IngestResult;
  readonly message?: string;
}

export interface Answer {
  /** False when an event was sent in a way that no repetition will make good. */
  readonly success: boolean;
  readonly accepted: number;
  readonly results: readonly EventAnswer[];
}

interface Parts {
  readonly read: (given: unknown, arrival: Arrival) => Reading;
  readonly writer: Writer;
  readonly counter: EventCounter;
}

/** Counted only when it is answered: what is not stored comes again. */
export async function takeEvents({ read, writer, counter }: Parts, messages: readonly unknown[], bytes: number, arrival: Arrival): Promise<Answer> {
  const readings = messages.map((message): Reading =>
    bytes > LARGEST_EVENT && isTooLarge(message) ? { type: 'unknown', messageId: null, result: 'invalid', message: `More than ${LARGEST_EVENT / 1_024} KiB.` } : read(message, arrival),
  );
  const rows = readings.flatMap((reading) => ('row' in reading ? [reading.row] : []));
  const stored = rows.length === 0 ? [] : await writer.write(rows);

  let next = 0;
  const tally = new Map<string, { type: EventType | 'unknown'; result: IngestResult; events: number }>();
  const results = readings.map((reading, index): EventAnswer => {
    const { type, messageId } = reading;
    const result = 'row' in reading ? (stored[next++] as IngestResult) : reading.result;
    const key = `${type} ${result}`;
    const entry = tally.get(key) ?? { type, result, events: 0 };
    entry.events += 1;
    tally.set(key, entry);
    if ('row' in reading && result === 'accepted') {
      counter.lag(reading.lagSeconds);
    }
    const message = 'row' in reading ? (result === 'accepted' || result === 'invalid' ? undefined : SAYS[result]) : reading.message;
    return message === undefined ? { index, messageId, result } : { index, messageId, result, message };
  });
  for (const { type, result, events } of tally.values()) {
    counter.count(type, result, events);
  }
  return { success: !results.some(({ result }) => WRONG.has(result)), accepted: results.filter(({ result }) => result === 'accepted').length, results };
}

const WRONG: ReadonlySet<IngestResult> = new Set(['invalid', 'too_old', 'future']);
