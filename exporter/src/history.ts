// A collector's numbers at every point of a grid in the past, by the same queries and the same arithmetic as live.
import type pg from 'pg';
import { type Collector, type Grid, readSteps, type Sample } from './collector.ts';
import { createFacts } from './facts.ts';

export interface Point {
  readonly at: Date;
  readonly samples: readonly Sample[];
}

/** In the order of time. A series that has a value at some point of the grid is 0 before. */
export async function* history(client: pg.ClientBase, collector: Collector, grid: Grid): AsyncGenerator<Point> {
  const rows = await readSteps(client, collector, grid);
  const facts = createFacts();
  rows.forEach(facts.seed);
  let next = 0;
  for (const [step, at] of grid.entries()) {
    for (let row = rows[next]; row !== undefined && row.step <= step; row = rows[++next]) {
      facts.apply(row);
    }
    yield { at, samples: collector.samples(facts) };
  }
}
