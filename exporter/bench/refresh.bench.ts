// What a refresh of each collector costs on the demo company and at ten times its size, and the history of the demo.
import { createPool } from '@admin-center/platform/pool';
import { loadDemo } from '../../database/demo/load.ts';
import { backfill } from '../src/backfill.ts';
import { collect } from '../src/collector.ts';
import { collectors } from '../src/collectors.ts';
import { inSnapshot } from '../src/snapshot.ts';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';

export const name = 'Refresh of each collector, demo and ten times the demo';

const USERS = 20_000;
const FACTORS = [1, 10] as const;
const REPEATS = 5;
const SEED = 42;
const DAYS = 200;

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({}, async (server) => {
    const times = new Map<string, number[]>();
    for (const factor of FACTORS) {
      const { url, exporterUrl } = await createProduct(server.url, `demo_${factor}`);
      await loadDemo({ databaseUrl: url, seed: SEED, users: USERS * factor, days: DAYS, now: new Date() });
      await connected(url, (owner) => owner.query('VACUUM ANALYZE'));
      for (const [collector, seconds] of await refresh(exporterUrl)) {
        times.set(collector, [...(times.get(collector) ?? []), seconds]);
      }
      if (factor === 1) {
        const { samples, series, seconds } = await backfill({ databaseUrl: exporterUrl, from: new Date(Date.now() - DAYS * 86_400_000), to: new Date(), prometheusDataDir: server.folder });
        report({ what: `history of ${DAYS} days`, users: USERS, samples, series, seconds });
      }
    }
    for (const [collector, [demo = 0, tenfold = 0]] of times) {
      report({ what: `collector ${collector}`, users: USERS, 'demo ms': demo * 1_000, 'ten times ms': tenfold * 1_000, ratio: tenfold / demo });
    }
  });
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
