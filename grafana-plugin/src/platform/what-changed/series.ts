// The numeric series in a panel's data, as the ranking wants them.
import { FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { bestSplit } from './rank-changes.ts';
import type { Point } from './step-fit.ts';

export interface NamedSeries {
  readonly name: string;
  readonly points: readonly Point[];
}

/** More series than anybody tells apart; looking for a step in each takes a moment. */
const MOST = 30;

export function seriesOf(frames: readonly DataFrame[]): NamedSeries[] {
  const all = [...frames];
  return all
    .flatMap((frame) => {
      const time = frame.fields.find(({ type }) => type === FieldType.time);
      return frame.fields.flatMap((field): NamedSeries[] =>
        time === undefined || field.type !== FieldType.number
          ? []
          : [{ name: getFieldDisplayName(field, frame, all), points: Array.from({ length: frame.length }, (_, index) => ({ time: Number(time.values[index]), value: Number(field.values[index] ?? NaN) })) }]
      );
    })
    .slice(0, MOST);
}

/** The series that moved most, which is the one a question about a panel is likely about. */
export function mostMoved(series: readonly NamedSeries[]): NamedSeries | undefined {
  const told = series.map((each) => ({ each, points: each.points.filter(({ value }) => Number.isFinite(value)) })).filter(({ points }) => points.length > 0);
  const gains = told.map(({ points }) => bestSplit(points)?.gain ?? 0);
  return told[gains.indexOf(Math.max(...gains))]?.each;
}
