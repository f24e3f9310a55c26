// Keeps the ramps guarded while a worker runs: a turn every so often, and at once when an alert comes in.
import type { Logger } from '@admin-center/platform/log';
import type pg from 'pg';
import type { Config } from '../../../config.ts';
import type { Recorder } from '../../../platform/audited.ts';
import { type Database, databaseTime } from '../../../platform/database.ts';
import { type Loop, startLoop } from '../../../platform/jobs/loop.ts';
import { createListener } from '../../../platform/outbox/listen.ts';
import { ALERT_CHANNEL } from '../webhooks/store.ts';
import { createGuard } from './measure.ts';
import { guardRamps } from './turn.ts';

/** Far above what a turn takes; a worker that hangs for longer is taken over from. */
const LEAD_MS = 45_000;

export interface GuardLoopOptions {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly log: Logger;
}

export function startGuardLoop({ config, pool, database, recorder, log }: GuardLoopOptions): Pick<Loop, 'close'> {
  const closing = new AbortController();
  const guard = createGuard(config, closing.signal);
  const alerts = createListener(pool, ALERT_CHANNEL, log, () => loop.wake());
  const intervalMs = config.GUARDRAIL_INTERVAL_SECONDS * 1_000;
  const loop = startLoop('guardrails', intervalMs, log, async () => {
    await alerts.ensure();
    await guardRamps({ database, recorder, guard, intervalMs, leadMs: LEAD_MS, now: () => databaseTime(database), log });
  });
  return {
    async close() {
      closing.abort();
      await loop.close();
      alerts.close();
    },
  };
}
