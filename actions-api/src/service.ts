// One running API: pools, telemetry, HTTP server and worker by configuration, and their orderly end.
import { systemClock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import type { Service } from '@admin-center/platform/run';
import { startTelemetry } from '@admin-center/platform/telemetry';
import { createApp } from './app.ts';
import { createWitness } from './capabilities/audit/witness.ts';
import { createEvaluationCounter } from './capabilities/flags/ofrep/counter.ts';
import type { Config } from './config.ts';
import { createDatabase } from './platform/database.ts';
import { createClientReader } from './platform/events/client-context.ts';
import { listen } from './platform/http/server.ts';
import { startPolicy } from './platform/policy/policy.ts';
import { observePools } from './platform/pool-metrics.ts';
import { startWorker } from './worker.ts';

const REQUEST_CONNECTIONS = 10;
/** The listener, the job runner and its two jobs, relay, annotations, heartbeat, the sweep of impersonation; the listener, lock and writes of guardrails; pushes to Stripe, the lock and writes of its events. */
const WORKER_CONNECTIONS = 15;
/** One listens, the other reads. */
const POLICY_CONNECTIONS = 2;
const REQUEST_STATEMENT_MS = 8_000;
const JOB_STATEMENT_MS = 30_000;

/** At its end, running requests and jobs are finished first. */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const telemetry = await startTelemetry('actions-api', config.HOST, config.TELEMETRY_PORT);
  const witness = createWitness(config.AUDIT_WITNESS_FILE, systemClock);
  const pool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'admin-center-api', max: REQUEST_CONNECTIONS, statementTimeoutMs: REQUEST_STATEMENT_MS });
  const workerPool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'admin-center-worker', max: WORKER_CONNECTIONS, statementTimeoutMs: JOB_STATEMENT_MS });
  const policyPool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'admin-center-policy', max: POLICY_CONNECTIONS, statementTimeoutMs: REQUEST_STATEMENT_MS });
  observePools(telemetry.meter, { requests: pool, worker: workerPool, policy: policyPool });

  // Without a database the service starts too, and says on /readyz why it is not ready.
  const policy = startPolicy(policyPool, log);
  await policy.tried;

  let draining = false;
  const evaluations = createEvaluationCounter(createDatabase(pool), log);
  const readClient = await createClientReader(config, telemetry.meter, log);
  const app = createApp({ config, pool, database: createDatabase(pool), witness, policy, evaluations, readClient, clock: systemClock, log, meter: telemetry.meter, draining: () => draining });
  const server = await listen(app, config.HOST, config.PORT);
  const worker = config.API_ROLES.includes('worker') ? startWorker({ config, pool: workerPool, database: createDatabase(workerPool), witness, log, meter: telemetry.meter, readClient }) : null;

  return {
    port: server.port,
    async close() {
      draining = true;
      // Ends first what waits for a change of it.
      await policy.close();
      await Promise.all([server.close(), worker?.close()]);
      await evaluations.close();
      await Promise.all([pool.end(), workerPool.end(), policyPool.end()]);
      await telemetry.close();
    },
  };
}
