// The past for Prometheus, computed once from the database before Prometheus first opens its folder.
import { backfill, type Backfilled } from '@admin-center/exporter/backfill';
import type { Progress } from './progress.ts';

const DAY_MS = 86_400_000;

/** Graphs without a past are no reason not to start: what is wrong is said, and the rest goes on. */
export async function loadHistoryOnce(days: number, databaseUrl: string, promtool: string | null, folder: string, progress: Progress): Promise<void> {
  if (promtool === null || days === 0) {
    return;
  }
  await loadHistory(days, databaseUrl, promtool, folder, progress).catch((error: unknown) => {
    progress.say(`! Graphs start without their past: ${(error as Error).message} When that is repaired: npm run backfill`);
  });
}

/**
 * @param databaseUrl as the exporter's role
 * @param folder Prometheus's data; nothing happens when it has its history already
 */
export function loadHistory(days: number, databaseUrl: string, promtool: string, folder: string, progress: Progress): Promise<Backfilled> {
  const to = new Date();
  return progress.step(
    `History of ${days} days`,
    (detail) => backfill({ databaseUrl, from: new Date(to.getTime() - days * DAY_MS), to, prometheusDataDir: folder, promtool, log: detail }),
    ({ done, samples, series }) => (done ? `${samples.toLocaleString('en')} samples of ${series} series` : 'there already'),
  );
}
