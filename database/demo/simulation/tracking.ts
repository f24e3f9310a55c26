// Sends the product's events to the Admin Center by Segment's tracking API, as any client of it does: in batches, again
// when they were not taken, and never so that the simulated life waits for it.
import type { Logger } from '@admin-center/platform/log';
import type { TrackingMessage } from './happenings.ts';

const BATCH = 100;
const ANSWER_MS = 10_000;
/** While nobody takes them; then the oldest are dropped. */
const MOST_WAITING = 20_000;
const PAUSE_MS = 5_000;

export interface Tracking {
  send(messages: readonly TrackingMessage[]): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

/** @param url of the Admin Center's API @param key a server key */
export function createTracking(url: string, key: string, log: Logger): Tracking {
  const waiting: TrackingMessage[] = [];
  let sending: Promise<void> | null = null;
  let notBefore = 0;

  const post = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      const response = await fetch(`${url}/ingest/segment/v1/batch`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const text = await response.text();
      if (!response.ok && response.status !== 400) {
        throw new Error(`The Admin Center answers ${response.status} to a batch of events: ${text.slice(0, 200)}`);
      }
      if (!response.ok) {
        log.warn({ answer: text.slice(0, 500) }, 'a batch of events is refused');
      }
      waiting.splice(0, batch.length);
    }
  };
  return {
    send(messages) {
      waiting.push(...messages);
      waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING));
      if (waiting.length > 0 && performance.now() >= notBefore) {
        sending ??= post()
          .catch((err: unknown) => {
            notBefore = performance.now() + PAUSE_MS;
            log.debug({ err, waiting: waiting.length }, 'events wait for the Admin Center');
          })
          .finally(() => {
            sending = null;
          });
      }
    },
    settled: async () => {
      await sending;
    },
  };
}
