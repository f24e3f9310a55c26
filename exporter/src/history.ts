// A collector's numbers at every point of a grid in the past, by the same queries and the same arithmetic as live.
import type { Collector, Grid, Sample } from './collector.ts';
import { createFacts, type StepRow } from './facts.ts';

export interface Point {
  readonly at: Date;
  readonly samples: readonly Sample[];
}

/**
 * In the order of time. A series that has a value at some point of the grid is 0 before.
 * @param rows what all of the collector's steps queries give for this grid, in any order
 */
export function* history(collector: Collector, grid: Grid, rows: readonly StepRow[]): Generator<Point> {
  const facts = createFacts();
  rows.forEach(facts.seed);
  const inOrder = rows.toSorted((one, other) => one.step - other.step);
  let next = 0;
  for (const [step, at] of grid.entries()) {
    for (let row = inOrder[next]; row !== undefined && row.step <= step; row = inOrder[++next]) {
      facts.apply(row);
    }
    yield { at, samples: collector.samples(facts) };
  }
}
