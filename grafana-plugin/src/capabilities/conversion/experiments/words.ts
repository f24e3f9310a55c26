// Results of experiments in numbers and words that are the same in lists, cards and panels.
import type { ExperimentInterval, ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { formatCount, formatValue, plural } from '../../../platform/format.ts';
import { pageUrl } from '../../../routes.ts';

export const experimentUrl = (flag: string): string => `${pageUrl('conversion')}?tab=experiments&experiment=${encodeURIComponent(flag)}`;

type Metric = ExperimentSummary['metric'];
const isShare = ({ kind }: Metric): boolean => kind === 'event' || kind === 'feature' || kind === 'converted_to_paid';

/** A mean: "12.3%", "1.84" or "3.20 EUR". */
export function formatMean(value: number, metric: Metric): string {
  if (metric.kind === null) {
    return '–';
  }
  return isShare(metric) ? formatValue(value, 'percentunit', 2) : metric.kind === 'revenue' ? `${value.toFixed(2)} ${metric.name ?? ''}` : value.toFixed(2);
}

const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text.replace('-', '−'));

/** Of a difference of means; shares differ in percentage points. */
export const formatDifference = (value: number, metric: Metric): string =>
  signed(isShare(metric) ? `${(value * 100).toFixed(2)} pp` : metric.kind === 'revenue' ? `${value.toFixed(2)} ${metric.name ?? ''}` : value.toFixed(3), value);

export const formatRelative = (value: number): string => signed(`${(value * 100).toFixed(1)}%`, value);

/** "+12.0% (+3.1% to +20.9%)"; only the point where the plan forbids to look. */
export const formatInterval = ({ lower, point, upper }: ExperimentInterval, format: (value: number) => string): string =>
  lower === null || upper === null ? format(point) : `${format(point)} (${format(lower)} to ${format(upper)})`;

export const formatP = (p: number | null): string => (p === null ? '–' : p < 0.0001 ? 'below 0.0001' : p.toPrecision(2));

export function formatDays(days: number | null): string {
  if (days === null) {
    return 'not in sight';
  }
  return days === 0 ? 'now' : days < 1 ? 'within a day' : days > 730 ? 'in years' : `in about ${plural(Math.ceil(days), 'day')}`;
}

export const MODES = {
  sequential: 'Sequential: the interval holds at every look, so it may be watched and ended at any time.',
  fixed: 'Fixed horizon: it is read once, when each variant has its planned size.',
} as const;

export const users = (count: number): string => formatCount(count);
