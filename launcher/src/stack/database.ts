// Gives the stack a migrated PostgreSQL: the host's by DATABASE_URL, or an embedded one that holds the demo company.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@admin-center/database/embedded';
import { migrate } from '@admin-center/database/migrate';
import { roleUrl } from '@admin-center/database/roles';
import { loadEvents } from '../../../database/demo/events/load.ts';
import { loadPast } from '../../../database/demo/past.ts';
import type { LauncherConfig } from '../config.ts';
import { Problem } from '../problem.ts';
import { identify } from '../process/identity.ts';
import type { Credentials } from './credentials.ts';
import { ensureDemoDatabase } from './demo-database.ts';
import type { Progress } from './progress.ts';

export interface StackDatabase {
  readonly ownerUrl: string;
  readonly exporterUrl: string;
  readonly apiUrl: string;
  /** True for the embedded database with the demo company. */
  readonly demo: boolean;
  /** Short text that stays the same while this very database lives; another one has another past in Prometheus. */
  readonly identity: string;
  /** True when the embedded server was running already. */
  readonly adopted: boolean;
  stop(): Promise<void>;
}

const WATCH_MS = 1_000;

/** @param signal stops the embedded server, and with it whatever is being done in it */
export async function prepareDatabase(config: LauncherConfig, credentials: Credentials, progress: Progress, signal?: AbortSignal): Promise<StackDatabase> {
  const embedded = config.DATABASE_URL === undefined ? await startEmbedded(config, progress, signal) : null;
  try {
    const ownerUrl = config.DATABASE_URL ?? embedded?.url ?? '';
    await migrateDatabase(ownerUrl, { exporter: credentials.exporterPassword, api: credentials.apiPassword }, progress);
    if (embedded !== null) {
      await loadPast(ownerUrl);
      await progress.step('Events of the demo company', (detail) => loadEvents(ownerUrl, detail), (written) => (written === null ? 'there already' : `${written.toLocaleString('en')} written and counted`));
    }
    return {
      ownerUrl,
      exporterUrl: roleUrl(ownerUrl, 'exporter', credentials.exporterPassword),
      apiUrl: roleUrl(ownerUrl, 'api', credentials.apiPassword),
      demo: embedded !== null,
      identity: `${embedded === null ? 'host' : 'demo'}-${await identityOf(ownerUrl)}`,
      adopted: embedded?.adopted === true,
      stop: async () => embedded?.stop(),
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** The schema, its roles and rights; what it says about a database that is down, too old or without rights is for people. */
export async function migrateDatabase(databaseUrl: string, passwords: { exporter: string; api: string }, progress: Progress): Promise<void> {
  await progress.step(
    'Schema admin_center',
    (detail) =>
      migrate({ databaseUrl, passwords, log: detail }).catch((error: Error) => {
        throw new Problem(error.message, { cause: error });
      }),
    ({ applied, probes }) => `${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}; ${probes.filter(({ found }) => found).length} of ${probes.length} probes found`,
  );
}

interface Running {
  readonly url: string;
  readonly adopted: boolean;
  stop(): Promise<void>;
}

async function startEmbedded(config: LauncherConfig, progress: Progress, signal?: AbortSignal): Promise<Running> {
  const start = (log: (line: string) => void): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir: path.join(config.DATA_DIR, 'postgres'), port: config.POSTGRES_PORT, database: 'postgres', log });
  let server = await progress.step(
    `PostgreSQL on port ${config.POSTGRES_PORT}`,
    (detail) =>
      start(detail).catch((error: Error) => {
        throw new Problem(error.message, { cause: error });
      }),
    ({ adopted }) => (adopted ? 'adopted the one that still ran' : 'started'),
  );
  let identity = identify(server.pid);
  const stopping = new AbortController();
  // A server that is killed is started again on its data; the services reconnect by themselves.
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await delay(WATCH_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted && identify(server.pid) !== identity) {
        progress.say('PostgreSQL ended; starting it again');
        server = await start(() => undefined).catch((error: Error) => {
          progress.say(`PostgreSQL does not start: ${error.message}`);
          return server;
        });
        identity = identify(server.pid);
      }
    }
  };
  const watched = watch();
  const running = {
    adopted: server.adopted,
    stop: async () => {
      stopping.abort();
      await watched;
      await server.stop();
    },
  };
  const abort = (): void => void running.stop();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    return { ...running, url: await ensureDemoDatabase(server.url, { seed: config.DEMO_SEED, users: config.DEMO_USERS, days: config.DEMO_DAYS }, progress) };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function identityOf(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ identity: string }>(
      `SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()), oid) AS identity FROM pg_database WHERE datname = current_database()`,
    );
    return createHash('sha256').update(rows[0]?.identity ?? '').digest('hex').slice(0, 12);
  } finally {
    await client.end();
  }
}
