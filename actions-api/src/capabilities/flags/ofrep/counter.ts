// Counts evaluations in memory and writes them in batches: answering one costs no statement.
import type { Logger } from '@admin-center/platform/log';
import type { Database } from '../../../platform/database.ts';
import { startLoop } from '../../../platform/jobs/loop.ts';
import { type EvaluationCount, recordEvaluations } from '../usage.ts';

export interface EvaluationCounter {
  add(flag: string, variant: string | null, reason: string): void;
  /** Writes what is counted and stops. */
  close(): Promise<void>;
}

const FLUSH_MS = 2_000;

/** Flags, variants and reasons are those of the policy, so there are only so many sums. */
export function createEvaluationCounter(database: Database, log: Logger): EvaluationCounter {
  let counts = new Map<string, EvaluationCount & { count: number }>();

  const add = (row: EvaluationCount): void => {
    const name = `${row.flag} ${row.variant ?? ''} ${row.reason}`;
    const known = counts.get(name);
    if (known === undefined) {
      counts.set(name, { ...row });
    } else {
      known.count += row.count;
    }
  };
  const flush = async (): Promise<void> => {
    const rows = [...counts.values()];
    if (rows.length === 0) {
      return;
    }
    counts = new Map();
    try {
      await database.transaction().execute((tx) => recordEvaluations(tx, rows));
    } catch (error) {
      // While the database is away they add up, in as many sums as before.
      rows.forEach(add);
      throw error;
    }
  };
  const loop = startLoop('flag-evaluations', FLUSH_MS, log, flush);

  return {
    add: (flag, variant, reason) => add({ flag, variant, reason, count: 1 }),
    async close() {
      await loop.close();
      await flush().catch((err: unknown) => log.warn({ err }, 'the last evaluations of flags were not counted'));
    },
  };
}
