// Sends reports every few seconds, each until it is taken. While the Admin Center is away a few are kept, then the
// oldest are dropped; a request of the host never waits for any of this.
import { randomUUID } from 'node:crypto';
import type { Settings } from '../options.ts';
import { type Batch, type BatchContent, createBatch, type ImpersonatedRow } from './batch.ts';

const ANSWER_MS = 10_000;
const MOST_KEPT = 20;
const LAST_CHANCE_MS = 2_000;
/** Statuses that the same report would meet again: it is given up. */
const isFinal = (status: number): boolean => status === 400 || status === 413 || status === 422;

export interface ReportCounts {
  readonly sent: number;
  /** Reports that wait to be sent. */
  readonly waiting: number;
  /** Rows and reports that were given up: for want of room, or because they were refused. */
  readonly dropped: number;
}

export interface Reporter {
  evaluation(flag: string, variant: string | null, reason: string): void;
  request(method: string, route: string, status: number, seconds: number): void;
  impersonated(row: ImpersonatedRow): void;
  counts(): ReportCounts;
  close(): Promise<void>;
}

interface Message extends BatchContent {
  readonly messageId: string;
  readonly sentAt: string;
}

export function createReporter({ url, key, reportEveryMs, onError }: Pick<Settings, 'url' | 'key' | 'reportEveryMs' | 'onError'>): Reporter {
  const waiting: Message[] = [];
  let batch: Batch = createBatch();
  let sent = 0;
  let dropped = 0;
  let notBefore = 0;
  let sending: Promise<void> | null = null;
  const note = (taken: boolean): void => {
    dropped += taken ? 0 : 1;
  };

  const seal = (): void => {
    const content = batch.content();
    if (content === null) {
      return;
    }
    batch = createBatch();
    waiting.push({ messageId: randomUUID(), sentAt: new Date().toISOString(), ...content });
    if (waiting.length > MOST_KEPT) {
      waiting.splice(0, waiting.length - MOST_KEPT);
      dropped += 1;
    }
  };
  const send = async (signal: AbortSignal): Promise<void> => {
    for (let message = waiting[0]; message !== undefined; message = waiting[0]) {
      const response = await fetch(`${url}/sdk/v1/reports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      await response.arrayBuffer();
      if (!response.ok && !isFinal(response.status)) {
        notBefore = performance.now() + Number(response.headers.get('retry-after') ?? 0) * 1_000;
        throw new Error(`The Admin Center answers ${response.status} to a report; it is kept.`);
      }
      // Meanwhile it may have been pushed out by newer ones.
      const position = waiting.indexOf(message);
      if (position >= 0) {
        waiting.splice(position, 1);
      }
      if (response.ok) {
        sent += 1;
      } else {
        dropped += 1;
        onError(new Error(`The Admin Center refuses a report with ${response.status}; it is given up.`));
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
    seal();
    if (performance.now() >= notBefore) {
      void flush(closing.signal);
    }
  }, reportEveryMs);
  timer.unref();

  return {
    evaluation: (flag, variant, reason) => note(batch.evaluation(flag, variant, reason)),
    request: (method, route, status, seconds) => note(batch.request(method, route, status, seconds)),
    impersonated: (row) => note(batch.impersonated(row)),
    counts: () => ({ sent, waiting: waiting.length, dropped }),
    async close() {
      clearInterval(timer);
      const late = AbortSignal.timeout(LAST_CHANCE_MS);
      late.addEventListener('abort', () => closing.abort(), { once: true });
      await sending;
      seal();
      await flush(late);
    },
  };
}
