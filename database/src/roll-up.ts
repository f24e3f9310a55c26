// Rolls up all that is in the stream, for whoever has just written to it: loading of the demo, tests, benchmarks.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

const BATCH = 100_000;
const PAUSE_MS = 5;

export interface RollUpOptions {
  readonly batch?: number;
  /** Called after each batch with the events counted so far. */
  readonly onBatch?: (counted: number) => void;
}

/** Waits for transactions that were open at the call, of any database of the cluster: the watermark does not pass them. */
export async function rollUpEverything(pool: pg.Pool | pg.PoolClient, { batch = BATCH, onBatch }: RollUpOptions = {}): Promise<void> {
  for (let counted = 0; ; ) {
    const { rows } = await pool.query<{ events: number; more: boolean }>('SELECT events, more FROM admin_center.roll_up_events($1)', [batch]);
    counted += Number(rows[0]?.events);
    onBatch?.(counted);
    if (rows[0]?.more !== true) {
      if (await isRolledUp(pool)) {
        return;
      }
      await delay(PAUSE_MS);
    }
  }
}

async function isRolledUp(pool: pg.Pool | pg.PoolClient): Promise<boolean> {
  const { rows } = await pool.query<{ done: boolean }>(
    `SELECT NOT EXISTS (SELECT 1 FROM admin_center.event WHERE xid >= (SELECT xid FROM admin_center.event_rollup))
        AND NOT EXISTS (SELECT 1 FROM admin_center.person_link WHERE xid >= (SELECT xid FROM admin_center.event_rollup)) AS done`,
  );
  return rows[0]?.done === true;
}
