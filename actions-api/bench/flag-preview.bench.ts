// The preview of a flag for every user of the directory: how long it takes as there are more of them, how long it keeps the
// process from anything else at a time, and what memory it takes.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { flagDefinition, type FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { previewOf } from '../src/capabilities/flags/preview.ts';
import type { StoredFlag } from '../src/capabilities/flags/store.ts';
import { createDatabase, readSnapshot } from '../src/platform/database.ts';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';
import { booleanFlag } from '../test/flags.ts';

export const name = 'Flags: preview for every user';

const USERS = (process.env['BENCH_USERS'] ?? '100000,1000000').split(',').map(Number);
const RUNS = 3;

/** Rules that take all that the directory knows of a user. */
const BY_ATTRIBUTES: Partial<FlagDefinitionInput> = {
  segments: [{ id: 'some', serve: { percentage: 50, split: [{ variant: 'on', weight: 1 }] }, conditions: [{ attribute: 'country', operator: 'not_in', values: ['FR'] }, { attribute: 'email', operator: 'ends_with', values: ['@mail.example'] }, { attribute: 'createdAt', operator: 'before', values: ['2020-01-01'] }] }],
};

const flag = (percentage: number, more: Partial<FlagDefinitionInput> = {}): StoredFlag => ({
  key: 'bench', salt: 'bench', state: 'on', version: 1, definition: flagDefinition.parse(booleanFlag(percentage, more)), experimentState: null,
  experimentStartedAt: null, experimentStoppedAt: null, createdAt: new Date(0), updatedAt: new Date(0),
});

type Report = (row: Record<string, string | number>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({ durable: false }, async (server) => {
    const { url, apiUrl } = await createProduct(server.url, 'previews');
    await connected(url, (owner) => measure(owner, apiUrl, report));
  });
}

async function measure(owner: pg.Client, databaseUrl: string, report: Report): Promise<void> {
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 2 });
  try {
    const database = createDatabase(pool);
    let made = 0;
    for (const users of USERS) {
      await owner.query(
        `INSERT INTO public.users (email, name, jwt_id, email_verified) SELECT 'user' || n || '@mail.example', 'User ' || n, 'auth0|' || n, true FROM generate_series($1::int, $2::int) AS n`,
        [made + 1, users],
      );
      made = users;
      await owner.query('SELECT admin_center.refresh_user_directory(true)');
      await owner.query('VACUUM ANALYZE');
      for (const [change, current, next] of [['10 to 11%', flag(10), flag(11)], ['10 to 60%', flag(10), flag(60)], ['by attributes', flag(10), flag(10, BY_ATTRIBUTES)]] as const) {
        const { definition, state, experimentState } = next;
        const times: number[] = [];
        const delay = monitorEventLoopDelay({ resolution: 1 });
        let memory = 0;
        const watching = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 5);
        delay.enable();
        for (let index = 0; index < RUNS; index++) {
          const begun = performance.now();
          const draft = { key: 'bench', salt: 'bench', current, next: { definition, state, experimentState }, all: [current] };
          await readSnapshot(database, 30_000, (tx) => previewOf(tx, { APPROVAL_USER_THRESHOLD: 1_000 }, draft, new Date()));
          times.push(performance.now() - begun);
        }
        delay.disable();
        clearInterval(watching);
        report({ users, change, 'best of 3, ms': Math.round(Math.min(...times)), 'longest pause, ms': Math.round(delay.max / 1e6), 'memory, MiB': Math.round(memory / 2 ** 20) });
      }
    }
  } finally {
    await pool.end();
  }
}
