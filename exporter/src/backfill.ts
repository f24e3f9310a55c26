// Gives Prometheus the past: every number that can be worked out from the database, hourly, and every five minutes for the
// last days, as blocks in Prometheus's data folder. A marker there makes a second run do nothing.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createPool } from '@admin-center/platform/pool';
import type pg from 'pg';
import { type Collector, type Grid, readStepsOf } from './collector.ts';
import { collectors } from './collectors.ts';
import { history } from './history.ts';
import { type BlockFiles, createBlockFiles } from './openmetrics.ts';
import { createBlocks, requirePromtool } from './promtool.ts';
import { ownMetrics } from './run-collectors.ts';
import { createSeriesResolver } from './series.ts';
import { inSnapshot } from './snapshot.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Full density where `offset 1w` of alert rules looks; Prometheus looks back five minutes for a sample. */
const DENSE_DAYS = 8;
const DENSE_STEP_MS = 5 * 60_000;
/** The newest hours belong to Prometheus's head block, which it writes itself. */
const LEFT_OUT_MS = 3 * HOUR_MS;
const TIMEOUT_MS = 30 * 60_000;
/** Enough to keep a database busy that is not ours alone. */
const CONNECTIONS = 8;
/** promtool is single-threaded; two keep both cores of a small machine busy. */
const PARALLEL_PROMTOOLS = 2;
const MARKER = 'admin-center-history.json';
const WORK_FOLDER = 'admin-center-history.tmp';

export interface BackfillOptions {
  /** Any role that may read the views; the exporter's will do. */
  readonly databaseUrl: string;
  readonly from: Date;
  /** The present; the last three hours before it are left out. */
  readonly to: Date;
  /** Prometheus's `--storage.tsdb.path`; its retention must reach back to `from`. */
  readonly prometheusDataDir: string;
  readonly promtool?: string;
  /** As Prometheus labels the exporter when it scrapes it, so that past and present are one series. */
  readonly job?: string;
  readonly instance?: string;
  readonly log?: (line: string) => void;
}

export interface Backfilled {
  /** False: the folder has its history already, nothing was done. */
  readonly done: boolean;
  readonly samples: number;
  readonly series: number;
  readonly blocks: number;
  readonly seconds: number;
}

/** @throws Error with one message that says what is wrong and what to do */
export async function backfill(options: BackfillOptions): Promise<Backfilled> {
  const { prometheusDataDir, promtool = 'promtool', log = () => undefined } = options;
  const begun = performance.now();
  const marker = path.join(prometheusDataDir, MARKER);
  const known = await readFile(marker, 'utf8').catch(() => null);
  if (known !== null) {
    log(`history is there already (${marker})`);
    return { ...(JSON.parse(known) as Backfilled), done: false };
  }
  await requirePromtool(promtool);

  // On the same file system as the data, so that a block is moved at once; Prometheus ignores a folder of this name.
  const work = path.join(prometheusDataDir, WORK_FOLDER);
  await rm(work, { recursive: true, force: true });
  await mkdir(path.join(work, 'blocks'), { recursive: true });
  try {
    const { files, samples, series } = await writeFiles(options, work);
    log(`${samples} samples of ${series} series computed in ${seconds(begun).toFixed(1)} s`);
    await inParallel(files, PARALLEL_PROMTOOLS, (file) => createBlocks(promtool, file, path.join(work, 'blocks')));
    const blocks = await readdir(path.join(work, 'blocks'));
    for (const block of blocks) {
      await rename(path.join(work, 'blocks', block), path.join(prometheusDataDir, block));
    }
    const result = { done: true, samples, series, blocks: blocks.length, seconds: seconds(begun) };
    await writeFile(marker, `${JSON.stringify({ ...result, from: options.from, to: options.to })}\n`);
    log(`${blocks.length} blocks in place after ${result.seconds.toFixed(1)} s`);
    return result;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const seconds = (begun: number): number => (performance.now() - begun) / 1_000;

async function writeFiles({ databaseUrl, from, to, job = 'admin-exporter', instance = 'admin-center' }: BackfillOptions, work: string) {
  const withPast = collectors.filter((collector) => collector.steps.length > 0);
  // Queries that have nothing to do with one another run side by side, as they get a connection; only the past is asked
  // for, which stands still.
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'admin-center-backfill', max: CONNECTIONS, waitMs: TIMEOUT_MS, statementTimeoutMs: TIMEOUT_MS, readOnly: true });
  const grid = historyGrid(from, to);
  const files = createBlockFiles(work);
  const series = new Set<string>();
  let samples = 0;
  const target = `job="${job}",instance="${instance}"`;
  const write: BlockFiles['write'] = (at, name, value) => {
    series.add(name);
    samples += 1;
    files.write(at, name.endsWith('}') ? `${name.slice(0, -1)},${target}}` : `${name}{${target}}`, value);
  };
  try {
    const written = await Promise.allSettled(withPast.map((collector) => writeHistory(pool, collector, grid, write)));
    const paths = files.close();
    for (const outcome of written) {
      if (outcome.status === 'rejected') {
        throw outcome.reason;
      }
    }
    return { files: paths, samples, series: series.size };
  } finally {
    await pool.end();
  }
}

async function writeHistory(pool: pg.Pool, collector: Collector, grid: Grid, write: BlockFiles['write']): Promise<void> {
  const rows = await Promise.all(collector.steps.map((text) => inSnapshot(pool, TIMEOUT_MS, (client) => readStepsOf(client, text, grid))));
  const resolver = createSeriesResolver(ownMetrics(collector));
  for (const { at, samples } of history(collector, grid, rows.flat())) {
    for (const values of resolver.resolve(samples).values()) {
      values.forEach((value, name) => write(at, name, value));
    }
  }
}

/** Every hour, and every five minutes in the last days; all on whole hours. */
export function historyGrid(from: Date, to: Date): Grid {
  const end = Math.floor((to.getTime() - LEFT_OUT_MS) / HOUR_MS) * HOUR_MS;
  const dense = end - DENSE_DAYS * DAY_MS;
  const grid: Date[] = [];
  for (let at = Math.ceil(from.getTime() / HOUR_MS) * HOUR_MS; at <= end; at += at < dense ? HOUR_MS : DENSE_STEP_MS) {
    grid.push(new Date(at));
  }
  return grid;
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.toReversed();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
        await work(item);
      }
    }),
  );
}
