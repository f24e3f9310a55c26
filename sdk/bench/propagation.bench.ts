// From the commit of a flag's change to its effect in the code of a host, through PostgreSQL, one API process and HTTP.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@admin-center/database/embedded';
import { createHostSchema } from '@admin-center/database/host-schema';
import { migrate } from '@admin-center/database/migrate';
import { roleUrl } from '@admin-center/database/roles';
import { makeKey } from '@admin-center/platform/project-key';
import pg from 'pg';
import { makeFlag } from '../../actions-api/test/make-flag.ts';
import { freePort, startProcess } from '../../actions-api/test/process.ts';
import { adminCenter } from '../src/admin-center.ts';

export const name = 'SDK: from the commit of a flag to its effect at a host';

const CHANGES = 300;
/** People do not change flags back to back; a host has asked again by then. */
const BETWEEN_MS = 25;
const passwords = { exporter: 'bench-exporter-password', api: 'bench-api-password' };

export async function run(report: (row: Record<string, string | number>) => void): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'admin-center-bench-'));
  const cluster = await startEmbeddedPostgres({ dataDir: path.join(directory, 'postgres'), port: await freePort(), durable: false });
  const owner = new pg.Pool({ connectionString: cluster.url, max: 1 });
  const client = await owner.connect();
  await createHostSchema(client, { variant: 'full' });
  client.release();
  await migrate({ databaseUrl: cluster.url, passwords });
  const key = makeKey('test');
  await owner.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Bench', 'server', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
  const flag = await makeFlag(owner, 'on');
  const api = await startProcess({
    DATABASE_URL: roleUrl(cluster.url, 'api', passwords.api), PORT: '0', API_ROLES: 'ingest', LOG_LEVEL: 'info', ACTIONS_API_TOKEN: 'a-token-for-benchmarks',
    AUDIT_WITNESS_FILE: path.join(directory, 'witness.jsonl'),
  });
  const center = adminCenter({ url: api.baseUrl, key: key.secret });
  try {
    await center.ready();
    const delays: number[] = [];
    for (let change = 0; change < CHANGES; change++) {
      const on = change % 2 === 1;
      const seen = new Promise<number>((resolve) => {
        const stop = center.onChange(() => {
          if (center.flags.boolean(flag, !on, { targetingKey: 'a' }) === on) {
            stop();
            resolve(performance.now());
          }
        });
      });
      await owner.query('UPDATE admin_center.flag SET state = $2 WHERE key = $1', [flag, on ? 'on' : 'off']);
      const committed = performance.now();
      delays.push(Math.max(0, (await seen) - committed));
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
    const sorted = delays.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] as number;
    report({ changes: CHANGES, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'slowest ms': at(1) });
  } finally {
    await center.close();
    await api.end('SIGTERM');
    await owner.end();
    await cluster.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
