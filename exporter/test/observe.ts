// Reads a collector's numbers the way Prometheus would: as the exporter's role, rendered, zeroes included.
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { collect, type Collector } from '../src/collector.ts';
import { createRenderer } from '../src/render.ts';
import { ownMetrics } from '../src/run-collectors.ts';
import { inSnapshot } from '../src/snapshot.ts';

/** Value by series, `name{label="value",…}`. */
export type Scraped = ReadonlyMap<string, number>;

export function parseText(text: string): Scraped {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** Patient: tests run beside others. */
export const exporterPool = (connectionString: string): pg.Pool =>
  createPool({ connectionString, applicationName: 'exporter-test', max: 4, statementTimeoutMs: 120_000, readOnly: true });

/** @param at default: now */
export async function observe(pool: pg.Pool, collector: Collector, at?: Date): Promise<Scraped> {
  const samples = await inSnapshot(pool, collector.timeoutMs, (client) => collect(client, collector, at));
  return parseText(createRenderer(ownMetrics(collector), collector).render(samples));
}

/** Those that are not 0: what a test is about, in the words of its expectation. */
export const nonZero = (scraped: Scraped, metric: string): Record<string, number> =>
  Object.fromEntries([...scraped].filter(([series, value]) => value !== 0 && (series === metric || series.startsWith(`${metric}{`))).map(([series, value]) => [series.slice(metric.length), value]));
