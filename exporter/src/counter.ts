// What the product counts as it happens (admin_center.tally) as queries of a collector. Name and fact are one.
import { type Sample, samplesOf } from './collector.ts';
import type { Facts } from './facts.ts';

export interface Counter {
  /** Over a grid. */
  readonly steps: string;
  /** As it stands, at less cost. */
  readonly now: string;
  samples(facts: Facts): Sample[];
}

/** @param metric as the contract names it @param labels its labels */
export function counter(metric: string, labels: readonly string[]): Counter {
  const columns = labels.map((label) => `labels ->> '${label}' AS ${label}`).join(', ');
  return {
    steps: `SELECT '${metric}' AS fact, step, delta, ${columns} FROM admin_center.counter_steps('${metric}', $1)`,
    now: `SELECT '${metric}' AS fact, 0 AS step, value AS delta, ${columns} FROM admin_center.counter WHERE metric = '${metric}' ORDER BY labels`,
    samples: (facts) => samplesOf(metric, facts.totals(metric)),
  };
}

/** `now` of a collector for some counters. */
export const nowOf = (counters: readonly Counter[]): Record<string, string> => Object.fromEntries(counters.map(({ steps, now }) => [steps, now]));
