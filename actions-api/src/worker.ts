// The worker role: relays audit entries, sends annotations, runs the jobs, and shows that it is alive.
import { hostname } from 'node:os';
import { sql } from 'kysely';
import type pg from 'pg';
import { systemClock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Telemetry } from '@admin-center/platform/telemetry';
import { verifyAndRecord } from './capabilities/audit/status.ts';
import type { Witness } from './capabilities/audit/witness.ts';
import { experimentJobs } from './capabilities/conversion/experiments/jobs.ts';
import { conversionJobs } from './capabilities/conversion/jobs.ts';
import { startGuardLoop } from './capabilities/flags/guardrails/loop.ts';
import { flagsJobs } from './capabilities/flags/planned-job.ts';
import { sessionDuration } from './capabilities/impersonation/duration.ts';
import { sweepSessions } from './capabilities/impersonation/sweep.ts';
import { promotionsJobs } from './capabilities/promotions/jobs.ts';
import { createStripe } from './capabilities/promotions/stripe/client.ts';
import { startStripeLoops } from './capabilities/promotions/stripe/loop.ts';
import type { Config } from './config.ts';
import { actionDuration } from './platform/action-duration.ts';
import { createRecorder } from './platform/audited.ts';
import { type Database, databaseTime } from './platform/database.ts';
import type { ClientReader } from './platform/events/client-context.ts';
import { eventJobs, startRollupLoop } from './platform/events/rollup-loop.ts';
import { startLoop } from './platform/jobs/loop.ts';
import { startJobs } from './platform/jobs/queue.ts';
import { jobsOf } from './platform/jobs/schedule.ts';
import { type GrafanaTarget, sendDueAnnotations } from './platform/outbox/annotations.ts';
import { createListener } from './platform/outbox/listen.ts';
import { relayBatch } from './platform/outbox/relay.ts';
import { mirrorJobs, startMirror } from './platform/mirror/loop.ts';

const LOOK_MS = 5_000;
const HEARTBEAT_MS = 15_000;
const SWEEP_MS = 1_000;

export interface WorkerOptions {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly database: Database;
  readonly witness: Witness;
  readonly log: Logger;
  readonly meter: Telemetry['meter'];
  /** Tells where a session of the host came from. */
  readonly readClient: ClientReader;
}

export interface Worker {
  /** Finishes what runs and stops. */
  close(): Promise<void>;
}

export function startWorker({ config, pool, database, witness, log, meter, readClient }: WorkerOptions): Worker {
  const grafana = grafanaOf(config);
  const annotations = startLoop('annotations', LOOK_MS, log, async () => {
    if (grafana !== null) {
      await sendDueAnnotations(database, grafana, log);
    }
  });
  const listener = createListener(pool, 'admin_center_outbox', log, () => relay.wake());
  const relay = startLoop('relay', LOOK_MS, log, async () => {
    await listener.ensure();
    for (;;) {
      const { count, head } = await relayBatch(database, grafana !== null);
      if (head === null) {
        return;
      }
      log.debug({ count, head: head.sequence }, 'relayed audit entries');
      await witness.note(head.sequence, head.hash);
      annotations.wake();
    }
  });
  const heartbeat = startLoop('heartbeat', HEARTBEAT_MS, log, async () => {
    await sql`
      INSERT INTO admin_center.heartbeat (part, at, detail) VALUES ('worker', now(), ${JSON.stringify({ host: hostname(), pid: process.pid })}::jsonb)
      ON CONFLICT (part) DO UPDATE SET at = excluded.at, detail = excluded.detail
    `.execute(database);
  });
  const recorder = createRecorder(database, actionDuration(meter));
  const guardrails = startGuardLoop({ config, pool, database, recorder, log });
  const duration = sessionDuration(meter);
  const sweep = startLoop('impersonation', SWEEP_MS, log, async () => {
    await sweepSessions(database, duration, log);
  });
  const rollup = startRollupLoop(database, log);
  const mirror = startMirror(database, readClient, log);
  const stripe = createStripe(config);
  const stripeLoops = stripe === null ? [] : startStripeLoops({ database, recorder, stripe, clock: systemClock, log });
  const jobs = startJobs(pool, log, [...eventJobs(database), ...jobsOf(database, log, () => verifyAndRecord(database, witness)), ...promotionsJobs({ database, recorder, clock: systemClock, log }), ...flagsJobs({ config, database, recorder, now: () => databaseTime(database), log }), ...conversionJobs(database, systemClock), ...experimentJobs({ database, clock: systemClock, log }), ...mirrorJobs(database)]);

  return {
    async close() {
      await Promise.all([jobs.close(), relay.close(), annotations.close(), heartbeat.close(), sweep.close(), mirror.close(), guardrails.close(), rollup.close(), ...stripeLoops.map((loop) => loop.close())]);
      listener.close();
    },
  };
}

export const grafanaOf = ({ GRAFANA_ANNOTATIONS_URL: url, GRAFANA_ANNOTATIONS_TOKEN: token }: Config): GrafanaTarget | null =>
  url === undefined || token === undefined ? null : { url, token };
