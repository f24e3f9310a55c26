// The past in a real Prometheus: the numbers of a live run at that instant, in the series that scraping goes on with.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { insertUsers, randomUsers } from '../test/billing-histories.ts';
import { freshDatabase } from '../test/fresh-database.ts';
import { observe } from '../test/observe.ts';
import { hasPrometheus, startPrometheus } from '../test/prometheus.ts';
import { backfill, historyGrid } from './backfill.ts';
import { subscriptions } from './collectors/subscriptions.ts';
import { users } from './collectors/users.ts';

const FROM = new Date('2024-01-10T00:20:00Z');
const TO = new Date('2024-03-01T17:45:00Z');
const minutes = (count: number): number => count * 60_000;

describe('the grid of history', () => {
  const grid = historyGrid(FROM, TO);

  test('is hourly, every five minutes in the last eight days, and leaves out the last three hours', () => {
    expect(grid[0]).toEqual(new Date('2024-01-10T01:00:00Z'));
    expect(grid.at(-1)).toEqual(new Date('2024-03-01T14:00:00Z'));
    const steps = grid.slice(1).map((at, index) => at.getTime() - (grid[index] as Date).getTime());
    const dense = grid.findIndex((at) => at.getTime() >= Date.parse('2024-02-22T14:00:00Z'));
    expect(new Set(steps.slice(0, dense))).toEqual(new Set([minutes(60)]));
    expect(new Set(steps.slice(dense))).toEqual(new Set([minutes(5)]));
  });

  test('is empty where there is no past', () => {
    expect(historyGrid(TO, TO)).toEqual([]);
  });
});

const fresh = freshDatabase({ keep: true });
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'admin-center-history-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (options: Partial<Parameters<typeof backfill>[0]> = {}) => backfill({ databaseUrl: fresh.database.exporterUrl, from: FROM, to: TO, prometheusDataDir: folder, ...options });

test('says how to get promtool when it is not there, and leaves nothing behind', async () => {
  await expect(run({ promtool: '/nowhere/promtool' })).rejects.toThrow('There is no promtool (/nowhere/promtool). It comes with Prometheus');
  expect(await readdir(folder)).toEqual([]);
});

test('a database that is away leaves nothing behind', async () => {
  await expect(run({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/nothing', ...(hasPrometheus ? {} : { promtool: 'true' }) })).rejects.toThrow('ECONNREFUSED');
  expect(await readdir(folder)).toEqual([]);
});

(hasPrometheus ? test : test.skip)('fills Prometheus once, with the numbers of a live run', async () => {
  await insertUsers(fresh.database.pool, randomUsers(100, 3));
  const lines: string[] = [];
  const first = await run({ log: (line) => lines.push(line) });
  expect(first).toMatchObject({ done: true, blocks: 3 });
  expect(first.samples).toBeGreaterThan(first.series * 3_000);
  const names = await readdir(folder);
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);

  const second = await run({ log: (line) => lines.push(line) });
  expect(second).toMatchObject({ done: false, samples: first.samples });
  expect(await readdir(folder)).toEqual(names);
  expect(lines.at(-1)).toContain('history is there already');

  const prometheus = await startPrometheus(folder);
  try {
    for (const [collector, metric] of [[users, 'admincenter_users'], [subscriptions, 'admincenter_mrr_amount']] as const) {
      for (const at of ['2024-01-10T01:00:00Z', '2024-02-03T07:00:00Z', '2024-02-25T03:35:00Z', '2024-03-01T14:00:00Z'].map((text) => new Date(text))) {
        const live = Object.fromEntries([...(await observe(fresh.pool, collector, at))].filter(([series, value]) => series.startsWith(`${metric}{`) && value !== 0));
        const found = await prometheus.query(`${metric}{job="admin-exporter",instance="admin-center"} != 0`, at);
        expect(Object.fromEntries(found.map(({ metric: labels, value }) => [keyOf(labels), value]))).toEqual(live);
        expect(found.length).toBeGreaterThan(0);
      }
    }
    // Of what was counted without a row nobody knows when.
    expect(await prometheus.query('count({__name__=~"admincenter_(payments|refunds|flag_evaluations)_total"})', new Date('2024-02-25T03:35:00Z'))).toEqual([]);
    // Five minutes after the newest sample Prometheus does not see it any more.
    expect(await prometheus.query('admincenter_users', new Date('2024-03-01T14:06:00Z'))).toEqual([]);
  } finally {
    await prometheus.stop();
  }
}, 60_000);

/** In the order of the contract, without the target's labels. */
function keyOf({ __name__: name, ...labels }: Record<string, string>): string {
  const order = name === 'admincenter_users' ? ['state', 'tier'] : ['component', 'currency'];
  return `${name}{${order.map((label) => `${label}="${labels[label]}"`).join(',')}}`;
}
