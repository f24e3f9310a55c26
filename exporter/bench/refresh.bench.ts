// What a refresh of each collector costs on the demo company and at ten times its size, and the history of the demo.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@admin-center/database/embedded';
import { createHostSchema } from '@admin-center/database/host-schema';
import { migrate } from '@admin-center/database/migrate';
import { roleUrl } from '@admin-center/database/roles';
import { createPool } from '@admin-center/platform/pool';
import pg from 'pg';
import { loadDemo } from '../../database/demo/load.ts';
import { backfill } from '../src/backfill.ts';
import { collect } from '../src/collector.ts';
import { collectors } from '../src/collectors.ts';
import { inSnapshot } from '../src/snapshot.ts';
import { freePort } from '../test/free-port.ts';

export const name = 'Refresh of each collector, demo and ten times the demo';

const USERS = 20_000;
const FACTORS = [1, 10] as const;
const REPEATS = 5;
const SEED = 42;
const DAYS = 200;
const PASSWORDS = { exporter: 'bench-exporter-password', api: 'bench-api-password' };

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'admin-center-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), port: await freePort(), database: 'postgres' });
  try {
    const times = new Map<string, number[]>();
    for (const factor of FACTORS) {
      const url = await createDemo(server.url, `demo_${factor}`, USERS * factor);
      for (const [collector, seconds] of await refresh(url)) {
        times.set(collector, [...(times.get(collector) ?? []), seconds]);
      }
      if (factor === 1) {
        const { samples, series, seconds } = await backfill({ databaseUrl: url, from: new Date(Date.now() - DAYS * 86_400_000), to: new Date(), prometheusDataDir: folder });
        report({ what: `history of ${DAYS} days`, users: USERS, samples, series, seconds });
      }
    }
    for (const [collector, [demo = 0, tenfold = 0]] of times) {
      report({ what: `collector ${collector}`, users: USERS, 'demo ms': demo * 1_000, 'ten times ms': tenfold * 1_000, ratio: tenfold / demo });
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function createDemo(serverUrl: string, database: string, users: number): Promise<string> {
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  const owner = new pg.Client({ connectionString: url.href });
  await owner.connect();
  await createHostSchema(owner, { variant: 'full' });
  await migrate({ databaseUrl: url.href, passwords: PASSWORDS });
  await loadDemo({ databaseUrl: url.href, seed: SEED, users, days: DAYS, now: new Date() });
  await owner.query('VACUUM ANALYZE');
  await owner.end();
  return roleUrl(url.href, 'exporter', PASSWORDS.exporter);
}

/** Seconds of each collector, the median of several runs after a first that warms the cache. */
async function refresh(databaseUrl: string): Promise<Map<string, number>> {
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 1, statementTimeoutMs: 600_000, readOnly: true });
  const times = new Map<string, number>();
  for (const collector of collectors) {
    const seconds: number[] = [];
    for (let repeat = 0; repeat <= REPEATS; repeat++) {
      const begun = performance.now();
      await inSnapshot(pool, 600_000, (client) => collect(client, collector));
      seconds.push((performance.now() - begun) / 1_000);
    }
    times.set(collector.name, seconds.slice(1).sort((one, other) => one - other)[Math.floor(REPEATS / 2)] ?? 0);
  }
  await pool.end();
  return times;
}
