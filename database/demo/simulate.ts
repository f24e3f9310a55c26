// The process that keeps the demo company alive while the product runs. It writes only into a database that holds the
// demo company, and sends what only the product's own events tell to the Admin Center. Environment: see below.
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, secret } from '@admin-center/platform/config';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { onShutdown } from '@admin-center/platform/shutdown';
import { Kysely, PostgresDialect } from 'kysely';
import { z } from 'zod';
import { createSimulator, type Simulator } from './simulation/simulator.ts';
import { createTracking } from './simulation/tracking.ts';
import type { HostTables } from './tables.ts';

const TICK_MS = 1_000;
const RETRY_MS = { first: 1_000, most: 15_000 } as const;

const configSchema = z.object({
  DATABASE_URL: z.string().min(1).describe('Owner of the database with the demo company.'),
  SIMULATE_SEED: z.coerce.number().int().nonnegative().optional().describe('Seed of the sign-ups to come; by default the one the company was loaded with.'),
  ADMIN_CENTER_URL: z.url({ protocol: /^https?$/ }).optional().describe('The actions API, which takes the events of the product.'),
  ADMIN_CENTER_KEY: secret(z.string().min(1)).optional().describe('A server key for it.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

function configure(): Readonly<z.output<typeof configSchema>> {
  try {
    return readConfig(configSchema, process.env);
  } catch (err) {
    process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`);
    process.exit(2);
  }
}

const config = configure();
const log = createLogger('simulator', config.LOG_LEVEL);
const pool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'admin-center simulator', max: 2 });
const db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool }) }).withSchema('public');

const { ADMIN_CENTER_URL: url, ADMIN_CENTER_KEY: key } = config;
const tracking = url === undefined || key === undefined ? null : createTracking(url, key, log);

// Nothing to wait for: an unfinished step is rolled back, and the next start tells it again.
onShutdown(log, async () => undefined);

/** PostgreSQL is away or restarting, as opposed to a mistake of ours or a database without the demo. */
function isOutage(err: unknown): boolean {
  const code = err instanceof Error && 'code' in err && typeof err.code === 'string' ? err.code : '';
  return /^(ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|ENOENT|08|57P|53300|3D000)/.test(code) || (err instanceof Error && /connection|timeout/i.test(err.message));
}

let simulator: Simulator | null = null;
let failures = 0;
for (;;) {
  try {
    simulator ??= await createSimulator({ db, log, now: Date.now, seed: config.SIMULATE_SEED, tracking });
    const happened = await simulator.tick();
    log.debug({ happened }, happened === null ? 'another process is loading or simulating' : 'lived');
    if (failures > 0) {
      log.info({ failures }, 'the database is back');
      failures = 0;
    }
    await sleep(TICK_MS);
  } catch (err) {
    if (simulator === null && !isOutage(err)) {
      log.fatal({ err }, 'the simulator cannot run');
      process.exit(2);
    }
    failures += 1;
    log.warn({ err, failures }, 'a step failed; trying again');
    await sleep(Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (failures - 1)));
  }
}
