// What the live numbers of engagement cost as a product lives on: the same users of a month after half a year and after
// three years, by the short way and by the steps; and with ten times the users.
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { collect, type Collector } from '../src/collector.ts';
import { engagement } from '../src/collectors/engagement.ts';
import { inSnapshot } from '../src/snapshot.ts';
import { connected, createProduct, withScratchServer } from '../../database/testing/scratch.ts';

export const name = 'Live numbers of engagement by users and by age of the product';

const PRODUCTS = [{ users: 10_000, days: 180 }, { users: 10_000, days: 1_095 }, { users: 100_000, days: 180 }] as const;
const REPEATS = 5;

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  await withScratchServer({}, async (server) => {
    for (const { users, days } of PRODUCTS) {
      const { url, exporterUrl } = await createProduct(server.url, `product_${users}_${days}`);
      await connected(url, (owner) => fill(owner, users, days));
      const { now: _short, ...byStepsOnly } = engagement;
      report({ what: 'a refresh of engagement', 'users a month': users, 'days of history': days, 'ms': await median(exporterUrl, engagement), 'ms by steps only': await median(exporterUrl, byStepsOnly) });
    }
  });
}

/** State and counts as a rollup leaves them: every user on every fourth day, as many new ones each month as there are users. */
async function fill(owner: pg.Client, users: number, days: number): Promise<void> {
  await owner.query('SET synchronous_commit = off');
  await owner.query(
    `INSERT INTO admin_center.active_day (person_id, day, first_at, last_at, "values")
     SELECT md5((u + $1 * (age / 30))::text)::uuid, current_date - age, (current_date - age)::timestamp AT TIME ZONE 'UTC', (current_date - age)::timestamp AT TIME ZONE 'UTC' + interval '2 hours', '{1}'
     FROM generate_series(1, $2::integer) AS age CROSS JOIN generate_series(1, $1::integer) AS u WHERE (u + age) % 4 = 0`,
    [users, days],
  );
  await owner.query('INSERT INTO admin_center.person SELECT person_id, min(first_at), max(last_at) FROM admin_center.active_day GROUP BY person_id');
  await owner.query("INSERT INTO admin_center.user_directory (user_id, email, tier, state, created_at) SELECT person_id, person_id || '@acme.example', 'free', 'active', first_at FROM admin_center.person");
  await owner.query("INSERT INTO admin_center.dimension_value (dimension, value) SELECT * FROM (VALUES ('all', 'all'), ('tier', 'free'), ('tier', 'premium'), ('tier', 'enterprise')) AS v ON CONFLICT DO NOTHING");
  await owner.query("INSERT INTO admin_center.dimension_value (dimension, value) SELECT 'feature', 'feature-' || n FROM generate_series(1, 20) AS n");
  await owner.query("INSERT INTO admin_center.feature (key, title, tiers) SELECT 'feature-' || n, 'Feature', '{free}' FROM generate_series(1, 20) AS n");
  await owner.query('INSERT INTO admin_center.active_users_day SELECT id, current_date - age, $1 / 4 FROM admin_center.dimension_value CROSS JOIN generate_series(1, $2::integer) AS age', [users, days]);
  await owner.query('INSERT INTO admin_center.active_users_change SELECT id, w, current_date - age, 10 FROM admin_center.dimension_value CROSS JOIN generate_series(1, $1::integer) AS age CROSS JOIN (VALUES (7), (30)) AS v (w)', [days]);
  await owner.query("INSERT INTO admin_center.lifecycle_count SELECT 'day', current_date - age, s, $1 / 12 FROM generate_series(1, $2::integer) AS age CROSS JOIN unnest('{new,returning,resurrected}'::text[]) AS s", [users, days]);
  await owner.query("INSERT INTO admin_center.retention_count SELECT 'calendar', 'day', current_date - age, n, 10, 1 FROM generate_series(1, $1::integer) AS age CROSS JOIN LATERAL generate_series(0, age) AS n", [days]);
  await owner.query('INSERT INTO admin_center.session_count SELECT current_date - age, s * 3, 1 FROM generate_series(1, $1::integer) AS age CROSS JOIN generate_series(0, 3000) AS s', [Math.min(days, 400)]);
  await owner.query('VACUUM ANALYZE');
}

/** After a first that warms the cache. */
async function median(databaseUrl: string, collector: Collector): Promise<number> {
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 1, statementTimeoutMs: 600_000, readOnly: true });
  const times: number[] = [];
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const begun = performance.now();
    await inSnapshot(pool, 600_000, (client) => collect(client, collector));
    times.push(performance.now() - begun);
  }
  await pool.end();
  return times.slice(1).sort((one, other) => one - other)[Math.floor(REPEATS / 2)] ?? 0;
}
