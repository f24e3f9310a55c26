import { describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { describeCollector } from '../../test/describe-collector.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { collect } from '../collector.ts';
import { inSnapshot } from '../snapshot.ts';
import { flags } from './flags.ts';

interface FlagOptions {
  readonly state?: string;
  readonly permanent?: boolean;
  readonly percentage?: number | null;
  readonly days?: number;
}

async function makeFlag(pool: pg.Pool, key: string, { state = 'on', permanent = false, percentage = null, days = 60 }: FlagOptions = {}): Promise<void> {
  const definition = { permanent, rollout: percentage === null ? null : { percentage, split: [] } };
  await pool.query(
    `INSERT INTO admin_center.flag (key, salt, state, definition, created_at) VALUES ($1, $1, $2, $3, now() - $4 * interval '1 day')`,
    [key, state, definition, days],
  );
}

const used = (pool: pg.Pool, flag: string, variant: string, daysAgo: number, reason = 'SPLIT') =>
  pool.query(
    `INSERT INTO admin_center.flag_usage (flag, day, variant, reason, evaluations, first_at, last_at)
     VALUES ($1, (now() - $3 * interval '1 day')::date, $2, $4, 5, now() - $3 * interval '1 day', now() - $3 * interval '1 day')`,
    [flag, variant, daysAgo, reason],
  );

describeCollector(flags, {
  fill: async ({ pool }) => {
    await makeFlag(pool, 'checkout', { percentage: 20 });
    await pool.query(`SELECT admin_center.tally_add('admincenter_flag_evaluations_total', '{"flag":"checkout","variant":"on","reason":"split"}', 3)`);
    await pool.query(
      `INSERT INTO admin_center.flag_ramp (flag, state, variant, steps, step, approved_step, step_started_at, percentage_before, breached_by)
       VALUES ('checkout', 'rolled_back', 'on', '[{"percentage":20,"holdMinutes":5}]', 0, 0, now(), 0, 'errors')`,
    );
  },
});

describe('flags', () => {
  const fresh = freshDatabase();

  test('are told apart by stage of life', async () => {
    const { pool } = fresh.database;
    await makeFlag(pool, 'just-made', { days: 1 });
    await makeFlag(pool, 'forgotten');
    await makeFlag(pool, 'never-asked-for-and-permanent', { permanent: true });
    await makeFlag(pool, 'settled');
    await makeFlag(pool, 'in-use');
    await makeFlag(pool, 'killed', { state: 'killed' });
    await makeFlag(pool, 'archived', { state: 'archived' });
    await makeFlag(pool, 'only-errors');
    await used(pool, 'settled', 'on', 40);
    await used(pool, 'settled', 'on', 1);
    await used(pool, 'in-use', 'on', 40);
    await used(pool, 'in-use', 'off', 20);
    await used(pool, 'in-use', 'on', 2);
    await used(pool, 'only-errors', 'none', 1, 'ERROR');
    expect(nonZero(await observe(fresh.pool, flags), 'admincenter_flags')).toEqual({
      '{lifecycle="new"}': 2, '{lifecycle="live"}': 1, '{lifecycle="stale"}': 3, '{lifecycle="killed"}': 1, '{lifecycle="archived"}': 1,
    });
  });

  test('have the ratio of their rollout while they are on, 0 while not, and none without a rollout or in the archive', async () => {
    const { pool } = fresh.database;
    await pool.query('DELETE FROM admin_center.flag');
    await makeFlag(pool, 'rolling', { percentage: 12.5 });
    await makeFlag(pool, 'stopped', { percentage: 50, state: 'killed' });
    await makeFlag(pool, 'plain');
    await makeFlag(pool, 'gone', { percentage: 100, state: 'archived' });
    const scraped = await observe(fresh.pool, flags);
    expect([...scraped].filter(([series]) => series.startsWith('admincenter_flag_rollout_ratio'))).toEqual([
      ['admincenter_flag_rollout_ratio{flag="rolling"}', 0.125], ['admincenter_flag_rollout_ratio{flag="stopped"}', 0],
    ]);
  });

  test('stay within a number of series of evaluations; what is beyond adds up under `other`', async () => {
    await fresh.database.pool.query(
      `INSERT INTO admin_center.tally (metric, labels, value)
       SELECT 'admincenter_flag_evaluations_total', jsonb_build_object('flag', 'flag-' || f, 'variant', 'v' || v, 'reason', 'split'), 1 FROM generate_series(1, 150) f, generate_series(1, 10) v`,
    );
    const series = [...(await observe(fresh.pool, flags))].filter(([name]) => name.startsWith('admincenter_flag_evaluations_total'));
    expect(series.length).toBeLessThanOrEqual(1_000);
    expect(series.reduce((sum, [, value]) => sum + value, 0)).toBe(1_500);
    expect(series.find(([name]) => name.includes('flag="other",variant="other"'))?.[1]).toBe(1_500 - 990);
  });
});

describe('the past of a rollout', () => {
  const fresh = freshDatabase();

  test('is what each version of the flag let through, to a thousandth of a percent', async () => {
    const { pool } = fresh.database;
    await makeFlag(pool, 'ramped', { percentage: 33.333 });
    const day = (number: number): Date => new Date(Date.parse('2026-03-01T12:00:00Z') + number * 86_400_000);
    const versions = [['off', 10], ['on', 0.1], ['on', 33.333], ['killed', 33.333], ['on', 33.333], ['on', null], ['on', 33.333]] as const;
    for (const [index, [state, percentage]] of versions.entries()) {
      await pool.query(
        `INSERT INTO admin_center.flag_version (flag, version, at, change, state, definition, actor_subject, reason) VALUES ('ramped', $1, $2, 'update', $3, $4, 'user:1', 'Because of it.')`,
        [index + 1, day(index), state, { rollout: percentage === null ? null : { percentage, split: [] } }],
      );
    }
    const ratioAt = (at?: Date) =>
      inSnapshot(fresh.pool, 10_000, async (client) => (await collect(client, flags, at)).find(({ metric }) => metric === 'admincenter_flag_rollout_ratio')?.value ?? 0);
    const past: number[] = [];
    for (const number of [-1, 0, 1, 2, 3, 4, 5, 6, 9]) {
      past.push(await ratioAt(day(number)));
    }
    expect(past).toEqual([0, 0, 0.001, 0.33333, 0, 0.33333, 0, 0.33333, 0.33333]);
    expect(await ratioAt()).toBe(0.33333);
  });
});
