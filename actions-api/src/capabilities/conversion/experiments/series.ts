// From what each day added to the cumulative sums at the end of each day, for every variant of the plan and every day from
// the start on, also those on which nothing happened.
import type { Experiment } from './experiment.ts';
import { add, NOTHING, type Sums } from './statistics/moments.ts';

export interface DayRow extends Sums {
  readonly variant: string;
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly crossed: number;
}

export interface SeriesDay {
  readonly day: string;
  /** In the order of the experiment's variants. */
  readonly sums: readonly Sums[];
  readonly crossed: number;
  /** Users this day added, by variant. */
  readonly added: readonly number[];
}

const DAY_MS = 86_400_000;
export const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

export function seriesOf({ startedAt, stoppedAt, variants, unit }: Experiment, rows: readonly DayRow[], now: Date): SeriesDay[] {
  const byDay = Map.groupBy(rows, ({ day }) => day);
  const last = dayOf(stoppedAt ?? now);
  const series: SeriesDay[] = [];
  let sums: readonly Sums[] = variants.map(() => NOTHING);
  let crossed = 0;
  for (let at = Date.parse(dayOf(startedAt)); at <= Date.parse(last); at += DAY_MS) {
    const day = dayOf(new Date(at));
    const today = byDay.get(day) ?? [];
    const change = variants.map((variant) => today.find((row) => row.variant === variant));
    sums = sums.map((before, index) => add(before, scaled(change[index], unit)));
    crossed += today.reduce((sum, row) => sum + row.crossed, 0);
    series.push({ day, sums, crossed, added: change.map((row) => row?.users ?? 0) });
  }
  return series;
}

const scaled = (row: DayRow | undefined, unit: number): Sums =>
  row === undefined ? NOTHING : { users: row.users, y: row.y / unit, yy: row.yy / unit ** 2, p: row.p / unit, pp: row.pp / unit ** 2, py: row.py / unit ** 2 };
