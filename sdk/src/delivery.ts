// Sends what was collected every few seconds, each message until it is taken. While the Admin Center is away a few are
// kept, then the oldest are dropped and counted; a request of the host never waits for any of this.
import type { Settings } from './options.ts';
import { retryAfterMs } from './retry-after.ts';

const ANSWER_MS = 10_000;
const LAST_CHANCE_MS = 2_000;
/** Statuses that the same message would meet again: it is given up. */
const isFinal = (status: number): boolean => status === 400 || status === 413 || status === 422;

/** A proxy or a page for guests says 200 to anything; the Admin Center answers with a JSON object. */
function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

export interface DeliveryCounts {
  readonly sent: number;
  /** Sealed, and not taken yet. */
  readonly waiting: number;
  /** Given up: for want of room, or because they were refused. */
  readonly dropped: number;
}

export interface Message {
  /** What it counts for: 1, or the events in it. */
  readonly size: number;
  /** Made anew for each attempt, so that it can say when it was sent; what identifies it stays. */
  body(): string;
}

export interface DeliveryOptions {
  readonly path: string;
  readonly authorization: string;
  /** For what is told to `onError`, such as `a report`. */
  readonly what: string;
  /** Messages that may wait. */
  readonly mostKept: number;
  /** Takes what was collected since the last time. */
  seal(): readonly Message[];
}

export interface Delivery {
  drop(count: number): void;
  counts(): DeliveryCounts;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

export function createDelivery({ url, reportEveryMs, onError }: Pick<Settings, 'url' | 'reportEveryMs' | 'onError'>, { path, authorization, what, mostKept, seal }: DeliveryOptions): Delivery {
  const waiting: Message[] = [];
  let sent = 0;
  let dropped = 0;
  let notBefore = 0;
  let sending: Promise<void> | null = null;

  const collect = (): void => {
    waiting.push(...seal());
    for (const { size } of waiting.splice(0, Math.max(0, waiting.length - mostKept))) {
      dropped += size;
    }
  };
  const send = async (signal: AbortSignal): Promise<void> => {
    for (let message = waiting[0]; message !== undefined; message = waiting[0]) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: message.body(),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const answer = await response.text();
      if (response.ok && !isDocument(answer)) {
        throw new Error(`What answers ${response.status} to ${what} is not the Admin Center; it is kept.`);
      }
      if (!response.ok && !isFinal(response.status)) {
        notBefore = performance.now() + retryAfterMs(response.headers.get('retry-after'), Date.now());
        throw new Error(`The Admin Center answers ${response.status} to ${what}; it is kept.`);
      }
      // Meanwhile it may have been pushed out by newer ones.
      const position = waiting.indexOf(message);
      if (position >= 0) {
        waiting.splice(position, 1);
      }
      if (response.ok) {
        sent += message.size;
      } else {
        dropped += position >= 0 ? message.size : 0;
        onError(new Error(`The Admin Center refuses ${what} with ${response.status}; it is given up.`));
      }
    }
  };
  const flush = (signal: AbortSignal): Promise<void> => {
    sending ??= send(signal)
      .catch(onError)
      .finally(() => {
        sending = null;
      });
    return sending;
  };

  const closing = new AbortController();
  const timer = setInterval(() => {
    collect();
    if (performance.now() >= notBefore) {
      void flush(closing.signal);
    }
  }, reportEveryMs);
  timer.unref();

  return {
    drop(count) {
      dropped += count;
    },
    counts: () => ({ sent, waiting: waiting.reduce((sum, { size }) => sum + size, 0), dropped }),
    async close() {
      clearInterval(timer);
      const late = AbortSignal.timeout(LAST_CHANCE_MS);
      late.addEventListener('abort', () => closing.abort(), { once: true });
      await sending;
      collect();
      await flush(late);
    },
  };
}
