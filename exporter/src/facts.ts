// What rows of steps add up to. The *_steps functions of database/views/ say by how much a fact changes at which point of
// a grid; applied in order they give the facts at every point, and for a grid of one point the facts now.
import { createQuantiles, type Quantiles } from './quantiles.ts';

/** One row of a steps query: `fact`, `step`, `delta`, and label columns; a null label does not apply to the fact. */
export interface StepRow {
  readonly fact: string;
  readonly step: number;
  readonly delta: number;
  /** Comma-separated whole seconds that enter (delta 1) or leave (-1) a distribution instead of changing a total. */
  readonly durations?: string | null;
  readonly [label: string]: string | number | null | undefined;
}

/** The sum of one fact for one set of labels. */
export interface Total {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Facts {
  /** Every set of labels seen so far, with its sum; valid until the next row is applied. */
  totals(fact: string): readonly Total[];
  /** The sum over all labels. */
  sum(fact: string): number;
  distribution(fact: string): Quantiles;
}

export interface MutableFacts extends Facts {
  /** Makes the labels of a row known, with 0 until something is applied. */
  seed(row: StepRow): void;
  apply(row: StepRow): void;
}

const NOT_LABELS = new Set(['fact', 'step', 'delta', 'durations']);
/** Sessions are cut at 24 hours (D3). */
const LONGEST_SECONDS = 86_400;

interface Sum extends Total {
  value: number;
}

export function createFacts(): MutableFacts {
  const totals = new Map<string, { readonly known: Map<string, Sum>; readonly list: Sum[] }>();
  const distributions = new Map<string, Quantiles>();

  const familyOf = (fact: string) => {
    const family = totals.get(fact) ?? { known: new Map<string, Sum>(), list: [] };
    totals.set(fact, family);
    return family;
  };

  const totalOf = (row: StepRow): Sum => {
    const family = familyOf(row.fact);
    const labels = labelsOf(row);
    const key = Object.values(labels).join('\u0000');
    let total = family.known.get(key);
    if (total === undefined) {
      total = { labels, value: 0 };
      family.known.set(key, total);
      family.list.push(total);
    }
    return total;
  };

  const distribution = (fact: string): Quantiles => {
    const found = distributions.get(fact) ?? createQuantiles(LONGEST_SECONDS);
    distributions.set(fact, found);
    return found;
  };

  return {
    totals: (fact) => familyOf(fact).list,
    sum: (fact) => familyOf(fact).list.reduce((sum, total) => sum + total.value, 0),
    distribution,
    seed: (row) => {
      if (isTotal(row)) {
        totalOf(row);
      }
    },
    apply: (row) => {
      if (isTotal(row)) {
        totalOf(row).value += row.delta;
        return;
      }
      const quantiles = distribution(row.fact);
      for (const duration of (row.durations ?? '').split(',')) {
        quantiles.add(Number(duration), row.delta);
      }
    },
  };
}

const isTotal = (row: StepRow): boolean => row.durations === null || row.durations === undefined;

/** Of one fact always the same columns are null, so the values in order are a key. */
function labelsOf(row: StepRow): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [column, value] of Object.entries(row)) {
    if (!NOT_LABELS.has(column) && value !== null && value !== undefined) {
      labels[column] = String(value);
    }
  }
  return labels;
}
