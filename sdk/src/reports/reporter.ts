// Reports: how often flags served what, how routes were answered, what was done under impersonation.
import { randomUUID } from 'node:crypto';
import { createDelivery, type DeliveryCounts } from '../delivery.ts';
import type { Settings } from '../options.ts';
import { type Batch, createBatch, type ImpersonatedRow } from './batch.ts';

const MOST_KEPT = 20;

export interface Reporter {
  evaluation(flag: string, variant: string | null, reason: string): void;
  request(method: string, route: string, status: number, seconds: number): void;
  impersonated(row: ImpersonatedRow): void;
  counts(): DeliveryCounts;
  close(): Promise<void>;
}

export function createReporter(settings: Pick<Settings, 'url' | 'key' | 'reportEveryMs' | 'onError'>): Reporter {
  let batch: Batch = createBatch();
  const delivery = createDelivery(settings, {
    path: '/sdk/v1/reports',
    authorization: `Bearer ${settings.key}`,
    what: 'a report',
    mostKept: MOST_KEPT,
    seal() {
      const content = batch.content();
      if (content === null) {
        return [];
      }
      batch = createBatch();
      const text = JSON.stringify({ messageId: randomUUID(), sentAt: new Date().toISOString(), ...content });
      return [{ size: 1, body: () => text }];
    },
  });
  const note = (taken: boolean): void => {
    if (!taken) {
      delivery.drop(1);
    }
  };
  return {
    evaluation: (flag, variant, reason) => note(batch.evaluation(flag, variant, reason)),
    request: (method, route, status, seconds) => note(batch.request(method, route, status, seconds)),
    impersonated: (row) => note(batch.impersonated(row)),
    counts: () => delivery.counts(),
    close: () => delivery.close(),
  };
}
