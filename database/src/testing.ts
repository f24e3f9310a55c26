// A database of its own for each test file, cloned in tens of milliseconds from one that was migrated once per run.
import { randomUUID } from 'node:crypto';
import { createPool } from '@admin-center/platform/pool';
import pg from 'pg';
import { createFactories, type Make } from '../hosts/cloudtolocalllm/factories.ts';
import { createHostSchema } from './host-schema.ts';
import { migrate } from './migrate.ts';
import { roleUrl, type RolePasswords } from './roles.ts';

/** Roles belong to the whole cluster that all tests share: whoever calls migrate() on it passes these. */
export const TEST_PASSWORDS: RolePasswords = { exporter: 'test-exporter-password', api: 'test-api-password' };

export interface TestDatabase {
  /** Of the owner. */
  readonly url: string;
  readonly exporterUrl: string;
  readonly apiUrl: string;
  /** As the owner; parses bigint as number. */
  readonly pool: pg.Pool;
  /** Makes rows of the host. */
  readonly make: Make;
  close(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Tables of the host; `empty` has neither host tables nor ours. */
  readonly host?: 'full' | 'migrator' | 'empty';
}

/** Needs the cluster that jest's global setup starts. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { host = 'full' } = options;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (server) => {
    const template = host === 'empty' ? 'template0' : await ensureTemplate(server, host);
    await server.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  });
  const url = databaseUrl(name);
  const pool = createPool({ connectionString: url, applicationName: 'test' });
  return {
    url,
    exporterUrl: roleUrl(url, 'exporter', TEST_PASSWORDS.exporter),
    apiUrl: roleUrl(url, 'api', TEST_PASSWORDS.api),
    pool,
    make: createFactories(pool),
    close: async () => {
      await pool.end();
      await onServer((server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

function databaseUrl(name: string): string {
  const cluster = process.env['TEST_POSTGRES_URL'];
  if (cluster === undefined) {
    throw new Error('There is no test cluster. Run tests by jest from the root of the repository: its global setup starts one.');
  }
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer<T>(work: (server: pg.Client) => Promise<T>): Promise<T> {
  const server = new pg.Client({ connectionString: databaseUrl('postgres') });
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

/** Several jest workers may want it first; the lock lets one of them make it. */
async function ensureTemplate(server: pg.Client, host: 'full' | 'migrator'): Promise<string> {
  const template = `template_${host}`;
  await server.query("SELECT pg_advisory_lock(hashtext('template'))");
  try {
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) {
      const unfinished = `${template}_unfinished`;
      await server.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
      await server.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
      const client = new pg.Client({ connectionString: databaseUrl(unfinished) });
      await client.connect();
      await createHostSchema(client, { variant: host });
      await client.end();
      await migrate({ databaseUrl: databaseUrl(unfinished), passwords: TEST_PASSWORDS });
      await server.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
    }
    return template;
  } finally {
    await server.query("SELECT pg_advisory_unlock(hashtext('template'))");
  }
}
