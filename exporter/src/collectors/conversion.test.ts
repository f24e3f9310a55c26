// Conversion: hand-computed vectors beside the conformance that every collector is held to.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { describeCollector } from '../../test/describe-collector.ts';
import { makeExperimentResult } from '../../test/experiment-result.ts';
import { freshDatabase } from '../../test/fresh-database.ts';
import { nonZero, observe } from '../../test/observe.ts';
import { history } from '../history.ts';
import { readSteps } from '../collector.ts';
import { inSnapshot } from '../snapshot.ts';
import { conversion } from './conversion.ts';

const DAY = 86_400_000;
const NOON = new Date('2026-06-15T12:00:00Z');
const before = (days: number, hours = 0): Date => new Date(NOON.getTime() - days * DAY - hours * 3_600_000);

async function makeFunnel(pool: pg.Pool, key = 'sign-up', days = 14): Promise<number> {
  const step = (event: string) => ({ type: 'track', event, feature: null, property: null, name: '', windowSeconds: null });
  const definition = { name: key, steps: ['A', 'B', 'C'].map(step), order: 'ordered', windowSeconds: days * 86_400, exclusions: [], breakdown: 'none' };
  const { rows } = await pool.query<{ funnel_id: number }>('INSERT INTO admin_center.funnel (key, definition, built_slices, built_at) VALUES ($1, $2, 64, now()) RETURNING funnel_id', [key, definition]);
  return (rows[0] as { funnel_id: number }).funnel_id;
}

const entered = (pool: pg.Pool, funnel: number, reached: readonly Date[], person = randomUUID(), last = reached[0] as Date) =>
  pool.query(
    `INSERT INTO admin_center.funnel_entry (person_id, funnel_id, day, known, first_at, last_at, reached_at, open_until, tier, country, platform, device, source)
     VALUES ($1, $2, $3, true, $4, $5, $6, $4, 'free', 'DE', 'web', 'desktop', 'direct')`,
    [person, funnel, (reached[0] as Date).toISOString().slice(0, 10), reached[0], last, reached],
  );

/** As the rollup counts. */
const count = (pool: pg.Pool) =>
  pool.query(`DO $$ BEGIN
    DELETE FROM admin_center.funnel_count;
    PERFORM admin_center.begin_funnel_counts();
    PERFORM admin_center.note_funnel_pairs(funnel_id, 3, array_agg(DISTINCT person_id), array_fill('-infinity'::date, ARRAY[count(DISTINCT person_id)::integer]), 1) FROM admin_center.funnel_entry GROUP BY funnel_id;
    PERFORM admin_center.apply_funnel_counts();
  END $$`);

const account = async (pool: pg.Pool, createdAt: Date, state = 'active'): Promise<string> => {
  const id = randomUUID();
  await pool.query(`INSERT INTO admin_center.user_directory (user_id, email, tier, state, created_at) VALUES ($1::uuid, $1::text, 'free', $2, $3)`, [id, state, createdAt]);
  return id;
};
const pays = (pool: pg.Pool, user: string, tier: string, from: Date, to: Date) => pool.query('INSERT INTO admin_center.paid_span (user_id, tier, started_at, ended_at) VALUES ($1, $2, $3, $4)', [user, tier, from, to]);

describeCollector(conversion, {
  fill: async ({ pool }) => {
    const now = Date.now();
    const user = await account(pool, new Date(now - 40 * DAY));
    await pays(pool, user, 'premium', new Date(now - 20 * DAY), new Date(now + 10 * DAY));
    await entered(pool, await makeFunnel(pool), [40, 39, 38].map((days) => new Date(now - days * DAY)));
    await count(pool);
    await makeExperimentResult(pool);
  },
});

describe('conversion', () => {
  const fresh = freshDatabase({ keep: true });
  beforeEach(() => fresh.database.pool.query('TRUNCATE admin_center.funnel_entry, admin_center.funnel_count, admin_center.paid_span, admin_center.user_directory; DELETE FROM admin_center.funnel'));

  test('counts a person once in each window, by what was reached by then', async () => {
    const { pool } = fresh.database;
    const funnel = await makeFunnel(pool);
    const person = randomUUID();
    await entered(pool, funnel, [before(6), before(5)], person);
    await entered(pool, funnel, [before(3), before(2), before(1)], person);
    await entered(pool, funnel, [before(1)]);
    await entered(pool, funnel, [before(8)]);
    await entered(pool, funnel, [before(0, 1)]);
    const scraped = await observe(fresh.pool, conversion, NOON);
    expect(nonZero(scraped, 'admincenter_funnel_entered_users')).toEqual({ '{funnel="sign-up",window="7d"}': 3, '{funnel="sign-up",window="30d"}': 4 });
    expect(nonZero(scraped, 'admincenter_funnel_conversion_ratio')).toMatchObject({
      '{funnel="sign-up",step="1",window="7d"}': 1, '{funnel="sign-up",step="2",window="7d"}': 1 / 3, '{funnel="sign-up",step="3",window="7d"}': 1 / 3, '{funnel="sign-up",step="3",window="30d"}': 1 / 4,
    });
    const earlier = await observe(fresh.pool, conversion, before(1, 1));
    expect(earlier.get('admincenter_funnel_conversion_ratio{funnel="sign-up",step="2",window="7d"}')).toBe(1);
    expect(earlier.get('admincenter_funnel_conversion_ratio{funnel="sign-up",step="2",window="30d"}')).toBe(1 / 2);
    expect(earlier.get('admincenter_funnel_conversion_ratio{funnel="sign-up",step="3",window="7d"}')).toBe(0);
  });

  test('days are those of UTC, with the present one', async () => {
    const { pool } = fresh.database;
    const funnel = await makeFunnel(pool);
    await entered(pool, funnel, [new Date('2026-06-09T00:00:00Z')]);
    await entered(pool, funnel, [new Date('2026-06-08T23:59:59Z')]);
    expect(nonZero(await observe(fresh.pool, conversion, NOON), 'admincenter_funnel_entered_users')).toMatchObject({ '{funnel="sign-up",window="7d"}': 1, '{funnel="sign-up",window="30d"}': 2 });
  });

  test('the present, at less cost, is what the past would say of it', async () => {
    const { pool } = fresh.database;
    const now = Date.now();
    for (let index = 0; index < 80; index += 1) {
      const ago = (days: number): Date => new Date(now - days * DAY + 60_000);
      const user = await account(pool, ago(95 - index), index % 11 === 0 ? 'deleted' : 'active');
      if (index % 3 !== 0) {
        await pays(pool, user, index % 4 === 0 ? 'enterprise' : 'premium', ago(95 - index - (index % 13)), ago(60 - index));
        await pays(pool, user, index % 2 === 0 ? 'enterprise' : 'premium', ago(80 - index), ago(20 - index));
      }
    }
    const funnels = [await makeFunnel(pool, 'short', 2), await makeFunnel(pool, 'long', 14)];
    const people = [...Array(20)].map(() => randomUUID());
    for (let index = 0; index < 100; index += 1) {
      const at = now - 60_000 - ((index * 37) % 50) * DAY;
      const reached = [0, (index % 9) * 3_600_000, (index % 30) * 3_600_000].slice(0, 1 + (index % 3)).map((later) => new Date(Math.min(at + later, now - 30_000)));
      await entered(pool, funnels[index % 2] as number, reached, people[(index * 7) % 20]);
    }
    await count(pool);
    const present = await observe(fresh.pool, conversion);
    expect(Object.fromEntries(present)).toEqual(Object.fromEntries(await observe(fresh.pool, conversion, new Date())));
    expect(present.get('admincenter_funnel_entered_users{funnel="long",window="elapsed"}')).toBeGreaterThan(5);
    expect(Object.keys(nonZero(present, 'admincenter_conversion_ratio'))).toHaveLength(6);
  });

  test('tells of those whose window ran out, so that nobody is pending', async () => {
    const { pool } = fresh.database;
    const funnel = await makeFunnel(pool, 'short', 2);
    await entered(pool, funnel, [before(10), before(9), before(8, 12)]);
    await entered(pool, funnel, [before(12), before(11), before(10)]);
    await entered(pool, funnel, [before(5)]);
    await entered(pool, funnel, [before(1)]);
    await entered(pool, funnel, [before(50), before(49)]);
    const scraped = await observe(fresh.pool, conversion, NOON);
    expect(scraped.get('admincenter_funnel_entered_users{funnel="short",window="elapsed"}')).toBe(3);
    expect(scraped.get('admincenter_funnel_conversion_ratio{funnel="short",step="3",window="elapsed"}')).toBe(2 / 3);
    expect(nonZero(scraped, 'admincenter_time_to_conversion_seconds')).toEqual({ '{funnel="short",percentile="p50"}': 1.5 * 86_400, '{funnel="short",percentile="p90"}': 2 * 86_400 });
  });

  test('a funnel that is being built or in the archive has no series', async () => {
    const { pool } = fresh.database;
    await entered(pool, await makeFunnel(pool), [before(1)]);
    await pool.query('UPDATE admin_center.funnel SET built_at = NULL');
    expect([...(await observe(fresh.pool, conversion, NOON)).keys()].filter((series) => series.includes('funnel'))).toEqual([]);
  });

  test('rates are first paid periods over those who were free, and sign-ups that had their time', async () => {
    const { pool } = fresh.database;
    const [old, , churned, matured] = [await account(pool, before(100)), await account(pool, before(90)), await account(pool, before(200)), await account(pool, before(45))];
    await account(pool, before(50));
    await account(pool, before(10));
    await account(pool, before(80), 'deleted');
    await pays(pool, old, 'premium', before(20), before(-10));
    await pays(pool, churned, 'premium', before(150), before(120));
    await pays(pool, matured, 'enterprise', before(40), before(-30));
    const scraped = await observe(fresh.pool, conversion, NOON);
    // Free 30 days ago: old, the second, churned and the one of 50 days ago; the one who paid for enterprise then was not.
    expect(nonZero(scraped, 'admincenter_conversion_ratio')).toEqual({
      '{from_tier="free",to_tier="premium",cohort="period_30d"}': 1 / 4,
      '{from_tier="free",to_tier="enterprise",cohort="signup_matured_30d"}': 1 / 2,
    });
    await pays(pool, old, 'enterprise', before(5), before(-25));
    await pays(pool, await account(pool, before(70)), 'premium', before(60), before(-30));
    const upgraded = await observe(fresh.pool, conversion, NOON);
    expect(upgraded.get('admincenter_conversion_ratio{from_tier="premium",to_tier="enterprise",cohort="period_30d"}')).toBe(1);
  });

  test('results of running experiments are series, and go when they stop', async () => {
    await makeExperimentResult(fresh.database.pool);
    const series = await observe(fresh.pool, conversion);
    expect(nonZero(series, 'admincenter_experiment_exposed_users')).toEqual({ '{experiment="checkout-layout",variant="control"}': 1_000, '{experiment="checkout-layout",variant="short"}': 990 });
    expect(nonZero(series, 'admincenter_experiment_srm_pvalue')).toEqual({ '{experiment="checkout-layout"}': 0.8 });
    expect(nonZero(series, 'admincenter_experiment_effect_ratio')).toEqual({
      '{experiment="checkout-layout",variant="short",bound="lower"}': -0.02, '{experiment="checkout-layout",variant="short",bound="point"}': 0.05, '{experiment="checkout-layout",variant="short",bound="upper"}': 0.12,
    });
    await fresh.database.pool.query("UPDATE admin_center.flag SET experiment_state = 'stopped', experiment_stopped_at = now()");
    expect(nonZero(await observe(fresh.pool, conversion), 'admincenter_experiment_srm_pvalue')).toEqual({});
  });

  test('the past is what a live run said then', async () => {
    const { pool } = fresh.database;
    const funnel = await makeFunnel(pool, 'past', 3);
    for (let index = 0; index < 60; index += 1) {
      const at = before(40 - (index * 37) % 40, (index * 7) % 24);
      await entered(pool, funnel, [at, new Date(at.getTime() + 3_600_000 * (index % 20)), new Date(at.getTime() + 3_600_000 * 2 * (index % 31))].slice(0, 1 + (index % 3)));
      const user = await account(pool, before(70 - index));
      if (index % 4 === 0) {
        await pays(pool, user, index % 8 === 0 ? 'premium' : 'enterprise', before(60 - index), before(20 - index));
      }
    }
    const grid = Array.from({ length: 24 }, (_, index) => before(12 - index / 2));
    const rows = await inSnapshot(fresh.pool, 60_000, (client) => readSteps(client, conversion, grid));
    for (const { at, samples } of history(conversion, grid, rows)) {
      const live = await observe(fresh.pool, conversion, at);
      const then = new Map(samples.map(({ metric, labels, value }) => [`${metric}{${Object.entries(labels).map(([label, text]) => `${label}="${text}"`).sort().join(',')}}`, value]));
      for (const [series, value] of live) {
        const [name, inner = ''] = series.split(/[{}]/);
        expect([series, then.get(`${name}{${inner.split(',').sort().join(',')}}`)]).toEqual([series, value]);
      }
    }
  });
});
