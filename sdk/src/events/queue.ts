// Events on their way: each is text from the moment it happens, so that nothing changes it later, and goes out in batches
// of the form and the limits of Segment's tracking API.
import { createDelivery, type Delivery, type Message } from '../delivery.ts';
import type { Settings } from '../options.ts';

const PATH = '/ingest/segment/v1/batch';
/** The intake keeps of each event what sent it, and knows us by this name. */
const SENDER = JSON.stringify({ library: { name: '@cloudtolocalllm/admin-center-sdk' } });
const LONGEST_EVENT_BYTES = 32 * 1024;
/** Below the limit of 500 KiB, with what is around the events. */
const BATCH_BYTES = 450 * 1024;
const BATCH_EVENTS = 100;
/** Between two times of sending. */
const MOST_COLLECTED = 10_000;
const MOST_COLLECTED_BYTES = 8 * 1024 * 1024;
/** Batches that may wait while the Admin Center is away. */
const MOST_KEPT = 50;

export interface TrackingEvent {
  readonly type: 'track' | 'identify';
  /** Two with the same count once. */
  readonly messageId: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly userId: string;
  readonly [field: string]: unknown;
}

export interface EventQueue extends Pick<Delivery, 'counts' | 'close'> {
  /** Never throws: what cannot be sent is dropped, counted and told to `onError`. */
  add(event: TrackingEvent): void;
}

const batchOf = (events: readonly string[]): Message => ({
  size: events.length,
  // The clock of the host may be wrong: the other side compares this instant with its own.
  body: () => `{"batch":[${events.join(',')}],"sentAt":"${new Date().toISOString()}","context":${SENDER}}`,
});

export function createEventQueue(settings: Pick<Settings, 'url' | 'key' | 'reportEveryMs' | 'onError'>): EventQueue {
  let collected: { readonly text: string; readonly bytes: number }[] = [];
  let bytesCollected = 0;

  const seal = (): Message[] => {
    const batches: string[][] = [];
    let room = 0;
    for (const { text, bytes } of collected) {
      const last = batches.at(-1);
      if (last === undefined || last.length === BATCH_EVENTS || bytes >= room) {
        batches.push([text]);
        room = BATCH_BYTES - bytes;
      } else {
        last.push(text);
        room -= bytes + 1;
      }
    }
    collected = [];
    bytesCollected = 0;
    return batches.map(batchOf);
  };
  const delivery = createDelivery(settings, {
    path: PATH,
    authorization: `Basic ${Buffer.from(`${settings.key}:`).toString('base64')}`,
    what: 'a batch of events',
    mostKept: MOST_KEPT,
    seal,
  });
  const textOf = (event: TrackingEvent): string | null => {
    try {
      return JSON.stringify(event);
    } catch (error) {
      settings.onError(new Error('An event cannot be written as JSON, so it is not sent.', { cause: error }));
      return null;
    }
  };

  return {
    add(event) {
      if (collected.length >= MOST_COLLECTED || bytesCollected >= MOST_COLLECTED_BYTES) {
        delivery.drop(1);
        return;
      }
      const text = textOf(event);
      const bytes = text === null ? 0 : Buffer.byteLength(text);
      if (text === null || bytes > LONGEST_EVENT_BYTES) {
        if (text !== null) {
          settings.onError(new Error(`An event of ${bytes} bytes is not sent: ${LONGEST_EVENT_BYTES} are the most.`));
        }
        delivery.drop(1);
        return;
      }
      collected.push({ text, bytes });
      bytesCollected += bytes;
    },
    counts: () => delivery.counts(),
    close: () => delivery.close(),
  };
}
