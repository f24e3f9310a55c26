// What a headline tile shows, taken out of the query's frames: the number, its trend, and its change.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import type { Headline } from '../panel.ts';
import { formatValue, relativeChange } from '../format.ts';
import type { PromQuery } from './data.ts';

export const TREND = 'trend';
const AGO = { now: undefined, week: '7d', month: '30d' } as const;

/** Four queries in one request: the trend over the time range, and the number at its end, a week and 30 days before. */
export function headlineQueries({ expr, title }: Headline): PromQuery[] {
  const instants = Object.entries(AGO).map(([refId, offset]) => ({ refId, expr: expr(offset), legendFormat: title, instant: true, range: false }));
  return [{ refId: TREND, expr: expr(), legendFormat: title, instant: false, range: true }, ...instants];
}

const numbers = (series: readonly DataFrame[], refId: string): Field<number | null> | undefined =>
  series.find((frame) => frame.refId === refId)?.fields.find((field) => field.type === FieldType.number);

function lastNumber(field: Field<number | null> | undefined): number | undefined {
  const finite = (field?.values ?? []).filter((value): value is number => value !== null && Number.isFinite(value));
  return finite[finite.length - 1];
}

export interface HeadlineValues {
  readonly now: number | undefined;
  readonly week: number | undefined;
  readonly month: number | undefined;
  readonly trend: { time: Field | undefined; value: Field<number | null> } | undefined;
}

export function headlineValues(series: readonly DataFrame[]): HeadlineValues {
  const trendFrame = series.find((frame) => frame.refId === TREND);
  const value = numbers(series, TREND);
  return {
    now: lastNumber(numbers(series, 'now')),
    week: lastNumber(numbers(series, 'week')),
    month: lastNumber(numbers(series, 'month')),
    trend: value && value.values.length > 1 ? { time: trendFrame?.fields.find((field) => field.type === FieldType.time), value } : undefined,
  };
}

export interface Change {
  readonly text: string;
  readonly direction: 'up' | 'down' | 'same';
  readonly news: 'good' | 'bad' | 'neither';
}

/** "+3.2%" or "−0.4 pp" (percentage points); undefined where there is nothing to compare with. */
export function change(now: number | undefined, before: number | undefined, { change: kind, good }: Pick<Headline, 'change' | 'good'>): Change | undefined {
  const difference = kind === 'percent' ? relativeChange(now, before) : now !== undefined && before !== undefined ? now - before : undefined;
  if (difference === undefined) {
    return undefined;
  }
  const size = formatValue(Math.abs(difference * 100), 'none', Math.abs(difference) < 0.1 ? 1 : 0);
  if (Number.parseFloat(size) === 0) {
    return { text: '±0', direction: 'same', news: 'neither' };
  }
  const direction = difference > 0 ? 'up' : 'down';
  const news = good === 'neither' ? 'neither' : direction === good ? 'good' : 'bad';
  return { text: `${difference > 0 ? '+' : '−'}${size}${kind === 'percent' ? '%' : ' pp'}`, direction, news };
}
