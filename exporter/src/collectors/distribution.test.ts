// Distribution: hand-computed vectors beside the conformance that every collector is held to.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '@admin-center/database/testing';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { distribution } from './distribution.ts';

const METRIC = 'admincenter_active_users_by_country';

/** So many users of a value on one day and no other. */
async function active({ pool }: Pick<TestDatabase, 'pool'>, dimension: string, value: string, day: string, users: number): Promise<void> {
  await pool.query(
    `WITH v AS (
       INSERT INTO admin_center.dimension_value (dimension, value) VALUES ($1, $2) ON CONFLICT (dimension, value) DO UPDATE SET value = excluded.value RETURNING id
     ), d AS (
       INSERT INTO admin_center.active_users_day SELECT id, $3::date, $4::integer FROM v
     )
     INSERT INTO admin_center.active_users_change AS c
     SELECT id, w.days, k.day, k.change FROM v CROSS JOIN (VALUES (7), (30)) w(days)
     CROSS JOIN LATERAL (VALUES ($3::date, $4::integer), ($3::date + w.days, -$4::integer)) k(day, change)
     ON CONFLICT (value, days, day) DO UPDATE SET change = c.change + excluded.change`,
    [dimension, value, day, users],
  );
}

const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

describeCollector(distribution, {
  fill: async (database) => {
    await active(database, 'country', 'DE', yesterday(), 9);
    await active(database, 'platform', 'web', yesterday(), 9);
    await active(database, 'client', 'macOS|Safari', yesterday(), 9);
  },
});

describe('distribution', () => {
  const fresh = freshDatabase();
  beforeEach(() => fresh.database.pool.query('TRUNCATE admin_center.active_users_day, admin_center.active_users_change'));
  const at = async (instant: string, metric = METRIC) => nonZero(await observe(fresh.pool, distribution, new Date(instant)), metric);

  test('a day counts from the midnight after it, for one, seven and thirty days', async () => {
    await active(fresh.database, 'country', 'DE', '2024-06-10', 8);
    expect(await at('2024-06-10T23:59:00Z')).toEqual({});
    expect(await at('2024-06-11T12:00:00Z')).toEqual({ '{country="DE",window="1d"}': 8, '{country="DE",window="7d"}': 8, '{country="DE",window="30d"}': 8 });
    expect(await at('2024-06-12T12:00:00Z')).toEqual({ '{country="DE",window="7d"}': 8, '{country="DE",window="30d"}': 8 });
    expect(await at('2024-06-17T12:00:00Z')).toMatchObject({ '{country="DE",window="7d"}': 8 });
    expect(await at('2024-06-18T12:00:00Z')).toEqual({ '{country="DE",window="30d"}': 8 });
    // Over the ends of months, whose sums are kept.
    expect(await at('2024-07-10T12:00:00Z')).toEqual({ '{country="DE",window="30d"}': 8 });
    expect(await at('2024-07-11T12:00:00Z')).toEqual({});
  });

  test('countries beyond the thirty largest and those of fewer than five users are other; unknown and hosting are not', async () => {
    const codes = ['AA', 'AB', 'AC', 'AD', 'AE', 'AF', 'AG', 'AH', 'AI', 'AJ', 'AK', 'AL', 'AM', 'AN', 'AO', 'AP', 'AQ', 'AR', 'AS', 'AT', 'AU', 'AV', 'AW', 'AX', 'AY', 'AZ', 'BA', 'BB', 'BC', 'BD', 'BE', 'BF'];
    for (const [index, code] of codes.entries()) {
      await active(fresh.database, 'country', code, '2024-06-10', 100 - index);
    }
    await active(fresh.database, 'country', 'LI', '2024-06-10', 4);
    await active(fresh.database, 'country', 'unknown', '2024-06-10', 3);
    await active(fresh.database, 'country', 'hosting', '2024-06-10', 2);
    const seen = await at('2024-06-11T12:00:00Z');
    expect(seen['{country="BD",window="30d"}']).toBe(71);
    expect(seen['{country="BE",window="30d"}']).toBeUndefined();
    expect(seen).toMatchObject({ '{country="other",window="30d"}': 70 + 69 + 4, '{country="unknown",window="30d"}': 3, '{country="hosting",window="1d"}': 2 });
  });

  test('platforms and clients', async () => {
    await active(fresh.database, 'platform', 'desktop', '2024-06-10', 3);
    await active(fresh.database, 'client', 'macOS|Safari', '2024-06-10', 7);
    await active(fresh.database, 'client', 'Bada|Dolphin', '2024-06-10', 2);
    expect(await at('2024-06-11T12:00:00Z', 'admincenter_active_users_by_platform')).toMatchObject({ '{platform="desktop",window="1d"}': 3 });
    expect(await at('2024-06-11T12:00:00Z', 'admincenter_active_users_by_client')).toMatchObject({ '{os="macOS",browser="Safari",window="7d"}': 7, '{os="other",browser="other",window="7d"}': 2 });
  });

  test('sums of months follow every change of the days', async () => {
    await active(fresh.database, 'country', 'DE', '2024-01-31', 8);
    const { pool } = fresh.database;
    const differs = async () =>
      (await pool.query(`SELECT count(*)::integer AS n FROM (SELECT value, days, date_trunc('month', day::timestamp)::date AS month, sum(change) AS change FROM admin_center.active_users_change GROUP BY 1, 2, 3) c
        FULL JOIN admin_center.active_users_month m USING (value, days, month) WHERE coalesce(c.change, 0) <> coalesce(m.change, 0)`)).rows[0].n as number;
    expect(await differs()).toBe(0);
    await pool.query(`UPDATE admin_center.active_users_change SET change = change * 3`);
    expect(await differs()).toBe(0);
    await pool.query(`UPDATE admin_center.active_users_change SET day = day + 40`);
    expect(await differs()).toBe(0);
    await pool.query(`DELETE FROM admin_center.active_users_change WHERE days = 7`);
    expect(await differs()).toBe(0);
    await pool.query(`TRUNCATE admin_center.active_users_change`);
    expect((await pool.query('SELECT count(*)::integer AS n FROM admin_center.active_users_month')).rows[0].n).toBe(0);
  });
});
