// From the commit of a flag's change to its effect in the code of a host, through PostgreSQL, one API process and HTTP.
import path from 'node:path';
import { makeKey } from '@admin-center/platform/project-key';
import pg from 'pg';
import { makeFlag } from '../../actions-api/test/make-flag.ts';
import { createProduct, type ScratchProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { startProcess } from '../../actions-api/test/process.ts';
import { adminCenter } from '../src/admin-center.ts';

export const name = 'SDK: from the commit of a flag to its effect at a host';

const CHANGES = 300;
/** People do not change flags back to back; a host has asked again by then. */
const BETWEEN_MS = 25;

type Report = (row: Record<string, string | number>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => measure(await createProduct(server.url, 'propagation'), server.folder, report));
}

async function measure(product: ScratchProduct, folder: string, report: Report): Promise<void> {
  const owner = new pg.Pool({ connectionString: product.url, max: 1 });
  const key = makeKey('test');
  await owner.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Bench', 'server', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
  const flag = await makeFlag(owner, 'on');
  const api = await startProcess({
    DATABASE_URL: product.apiUrl, PORT: '0', API_ROLES: 'ingest', LOG_LEVEL: 'info', ACTIONS_API_TOKEN: 'a-token-for-benchmarks',
    AUDIT_WITNESS_FILE: path.join(folder, 'witness.jsonl'),
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
  }
}
