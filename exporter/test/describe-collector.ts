// What every collector must hold to, whatever it counts. A collector's own test calls this and adds what is special.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import type { LabelValues, MetricContract } from '@admin-center/contracts/capability';
import { createLogger } from '@admin-center/platform/log';
import type pg from 'pg';
import type { Collector } from '../src/collector.ts';
import { createExposition } from '../src/exposition.ts';
import { ownMetrics, runCollectors } from '../src/run-collectors.ts';
import { eventually } from './eventually.ts';
import { exporterPool, observe, parseText, type Scraped } from './observe.ts';

export interface ConformanceOptions {
  /** Rows that make every metric of the collector have a series, also those that may be absent. */
  fill(database: TestDatabase): Promise<void>;
}

export function describeCollector(collector: Collector, { fill }: ConformanceOptions): void {
  describe(`collector ${collector.name} conforms`, () => {
    describe.each(['full', 'migrator'] as const)('on the %s host', (host) => {
      let database: TestDatabase;
      let pool: pg.Pool;
      let empty: Scraped;
      let filled: Scraped;

      beforeAll(async () => {
        database = await createTestDatabase({ host });
        pool = exporterPool(database.exporterUrl);
        empty = await observe(pool, collector);
        await fill(database);
        filled = await observe(pool, collector);
      });
      afterAll(async () => {
        await pool.end();
        await database.close();
      });

      test('an empty database gives every combination of closed labels, but for what may be absent', () => {
        const expected = ownMetrics(collector).filter((metric) => !collector.mayBeAbsent.includes(metric.name)).flatMap(seriesOf);
        expect([...empty.keys()].filter((series) => expected.includes(series)).sort()).toEqual([...expected].sort());
        expect([...empty.values()].every(Number.isFinite)).toBe(true);
      });

      test('what is declared is emitted, and nothing else', () => {
        const names = [...new Set([...filled.keys()].map((series) => series.replace(/\{.*$/, '')))];
        expect(names.sort()).toEqual(ownMetrics(collector).map((metric) => metric.name).sort());
      });

      test('labels stay within their bounds', () => {
        for (const metric of ownMetrics(collector)) {
          for (const [label, allowed] of Object.entries(metric.labels)) {
            const values = [...new Set([...filled.keys()].filter((series) => series.startsWith(`${metric.name}{`)).map((series) => valueOf(series, label)))];
            expect(values.filter((value) => !fits(allowed, value))).toEqual([]);
            expect(values.length).toBeLessThanOrEqual('max' in allowed ? allowed.max + 1 : allowed.length);
          }
        }
      });

      test('its queries take nothing but an instant or a grid, and read no person', async () => {
        const texts = [...collector.steps, ...collector.present].join('\n');
        expect(texts).not.toMatch(/email|display_name|user_agent|\bip\b/i);
        await expect(pool.query('SELECT email FROM admin_center.account')).rejects.toThrow('permission denied');
      });
    });

    test('a failing query costs its own numbers only', async () => {
      const { page, close } = await runBeside({ ...collector, steps: [], present: ['SELECT no_such_column FROM admin_center.counter'] });
      expect(page.get(`admincenter_collector_success{collector="${collector.name}"}`)).toBe(0);
      expect(page.get(`admincenter_collector_success{collector="${bystanderOf(collector)}"}`)).toBe(1);
      await close();
    });

    test('a query that hangs is ended by its timeout', async () => {
      const { page, close } = await runBeside({ ...collector, timeoutMs: 200, steps: [], present: ["SELECT 'x' AS fact, 0 AS step, 1 AS delta FROM pg_sleep(30)"] });
      expect(page.get(`admincenter_collector_success{collector="${collector.name}"}`)).toBe(0);
      expect(page.get(`admincenter_snapshot_duration_seconds{collector="${collector.name}"}`)).toBeLessThan(5);
      expect(page.get(`admincenter_collector_success{collector="${bystanderOf(collector)}"}`)).toBe(1);
      await close();
    });
  });
}

const bystanderOf = (collector: Collector): Collector['name'] => (collector.name === 'core' ? 'users' : 'core');

/** Runs the collector once beside one that works, on an empty database. */
async function runBeside(broken: Collector): Promise<{ readonly page: Scraped; close(): Promise<void> }> {
  const database = await createTestDatabase();
  const pool = exporterPool(database.exporterUrl);
  const bystander: Collector = { ...broken, name: bystanderOf(broken), timeoutMs: 10_000, steps: [], present: [], mayBeAbsent: broken.capability.metrics.map((metric) => metric.name), samples: () => [] };
  const exposition = createExposition();
  const running = runCollectors({ pool, collectors: [broken, bystander], exposition, log: createLogger('exporter', 'silent'), clock: () => new Date(), random: () => 0.5 });
  const page = await eventually(() => {
    const text = parseText(exposition.current()?.plain.toString() ?? '');
    const durations = [broken.name, bystander.name].map((name) => text.get(`admincenter_snapshot_duration_seconds{collector="${name}"}`) ?? 0);
    return durations.every((seconds) => seconds > 0) ? text : null;
  });
  return {
    page,
    close: async () => {
      await running.stop();
      await pool.end();
      await database.close();
    },
  };
}

function seriesOf(metric: MetricContract): string[] {
  let found = [''];
  for (const [label, allowed] of Object.entries(metric.labels)) {
    found = 'max' in allowed ? [] : found.flatMap((labels) => allowed.map((value) => `${labels}${labels === '' ? '' : ','}${label}="${value}"`));
  }
  return found.map((labels) => (labels === '' ? metric.name : `${metric.name}{${labels}}`));
}

const valueOf = (series: string, label: string): string => new RegExp(`[{,]${label}="([^"]*)"`).exec(series)?.[1] ?? '';
const fits = (allowed: LabelValues, value: string): boolean => ('max' in allowed ? value !== '' : allowed.includes(value));
