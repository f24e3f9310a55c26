// The shape of a collector: queries that give facts, and how facts become samples. Live numbers and history come from the
// same two, so they cannot differ.
import type { Capability } from '@admin-center/contracts/capability';
import type { COLLECTORS } from '@admin-center/contracts/core';
import type pg from 'pg';
import { createFacts, type Facts, type StepRow, type Total } from './facts.ts';

export type CollectorName = (typeof COLLECTORS)[number];

/** One number of one series. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Collector {
  readonly name: CollectorName;
  /** Declares the metrics; those whose source is the exporter are this collector's. */
  readonly capability: Capability;
  /** How often it runs; less often where a run takes more than a fifth of this. */
  readonly intervalSeconds: number;
  readonly timeoutMs: number;
  /** Queries that give rows of steps (facts.ts) on $1, a grid. */
  readonly steps: readonly string[];
  /** In place of a query of steps when the present is asked for: the same facts at step 0, at less cost, without parameters. */
  readonly now?: Readonly<Record<string, string>>;
  /** Queries without a past and without parameters, that give rows at step 0. */
  readonly present: readonly string[];
  /** Metrics that have no series while they are undefined, such as a ratio of nothing. All others start at 0. */
  readonly mayBeAbsent: readonly string[];
  samples(facts: Facts): readonly Sample[];
}

/** Instants, ascending. */
export type Grid = readonly Date[];

/** The collector's numbers at an instant, by default the client's transaction's now. */
export async function collect(client: pg.ClientBase, collector: Collector, at?: Date): Promise<readonly Sample[]> {
  const facts = createFacts();
  // In place of what is asked of the past the present has queries of its own, which take no instant.
  const shortcuts = at === undefined ? (collector.now ?? {}) : {};
  const stepped = { ...collector, steps: collector.steps.filter((text) => !Object.hasOwn(shortcuts, text)) };
  for (const row of await readSteps(client, stepped, [at ?? (await transactionTime(client))])) {
    facts.apply(row);
  }
  for (const text of [...Object.values(shortcuts), ...collector.present]) {
    const { rows } = await client.query<StepRow>(text);
    rows.forEach(facts.apply);
  }
  return collector.samples(facts);
}

/** The changes of a collector's facts over a grid, query by query, since a connection runs one at a time. */
export async function readSteps(client: pg.ClientBase, collector: Collector, grid: Grid): Promise<StepRow[]> {
  const rows: StepRow[] = [];
  for (const text of collector.steps) {
    for (const row of await readStepsOf(client, text, grid)) {
      rows.push(row);
    }
  }
  return rows;
}

export async function readStepsOf(client: pg.ClientBase, text: string, grid: Grid): Promise<StepRow[]> {
  const { rows } = await client.query<StepRow>(text, [grid]);
  return rows;
}

async function transactionTime(client: pg.ClientBase): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('SELECT now() AS now');
  return (rows[0] as { now: Date }).now;
}

/** Totals whose labels are those of the metric. */
export const samplesOf = (metric: string, totals: readonly Total[], divisor = 1): Sample[] =>
  totals.map(({ labels, value }) => ({ metric, labels, value: value / divisor }));

/** One sample where the value is defined. */
export const sampleOf = (metric: string, labels: Readonly<Record<string, string>>, value: number | null): Sample[] =>
  value === null ? [] : [{ metric, labels, value }];

/** Part over whole; null, for "no data", where there is nothing to divide by. */
export const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
