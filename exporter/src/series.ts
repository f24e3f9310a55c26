// Samples to series, held to the contract: only declared metrics and labels, values of closed lists, and a bounded number
// of values where a label is open.
import type { LabelValues, MetricContract } from '@admin-center/contracts/capability';
import type { Sample } from './collector.ts';

/** Where a value that has no place of its own goes, in closed lists that have it and in open labels. */
const OTHER = 'other';

type Labels = readonly (readonly [string, string])[];

/** Value by series, `name{label="value",…}`, in the text format. */
export type SeriesValues = Map<string, number>;

export interface SeriesResolver {
  /**
   * The series of each metric that has samples.
   * @throws Error on the first sample that breaks the contract
   */
  resolve(samples: readonly Sample[]): Map<MetricContract, SeriesValues>;
  /** Samples folded into `other` so far because their open label had its maximum of values. */
  overflows(): number;
}

interface Place {
  readonly series: string;
  /** Some label value was folded into `other`. */
  readonly folded: boolean;
}

export function createSeriesResolver(metrics: readonly MetricContract[]): SeriesResolver {
  const contracts = new Map(metrics.map((metric) => [metric.name, metric]));
  const admission = createAdmission();
  /** Series of closed lists by label values: the same few come again and again. */
  const places = new Map<string, Place>();

  function placeOf(metric: MetricContract, values: readonly string[]): Place {
    const given = `${metric.name}\u0000${values.join('\u0000')}`;
    const known = places.get(given);
    if (known !== undefined) {
      return known;
    }
    const labels = Object.entries(metric.labels).map(([label, allowed], index) => ({ label, allowed, value: values[index] as string }));
    const admitted = labels.map(({ label, allowed, value }): [string, string] => [label, admission.admit(metric, label, allowed, value)]);
    const kept = admission.admitTogether(metric, seriesKey(metric.name, admitted)) ? admitted : labels.map(({ label, allowed, value }): [string, string] => [label, 'max' in allowed ? OTHER : value]);
    const place = { series: seriesKey(metric.name, kept), folded: kept.some(([, value], index) => value !== values[index]) };
    if (labels.every(({ allowed }) => !('max' in allowed))) {
      places.set(given, place);
    }
    return place;
  }

  return {
    overflows: admission.overflows,
    resolve: (samples) => {
      const found = new Map<MetricContract, SeriesValues>();
      const exact = new Set<string>();
      for (const sample of samples) {
        const metric = contracts.get(sample.metric);
        if (metric === undefined) {
          throw new Error(`${sample.metric} is not declared in the contract of this collector`);
        }
        if (!Number.isFinite(sample.value)) {
          throw new Error(`${metric.name}: ${sample.value} is not a number; leave out what is undefined`);
        }
        const { series, folded } = placeOf(metric, valuesOf(metric, sample));
        // Folded values add up; anything else that comes twice is a mistake in a query.
        if (!folded) {
          if (exact.has(series)) {
            throw new Error(`${series} came twice`);
          }
          exact.add(series);
        }
        const family = found.get(metric) ?? new Map<string, number>();
        found.set(metric, family);
        family.set(series, (family.get(series) ?? 0) + sample.value);
      }
      return found;
    },
  };
}

/** Which label values get a series of their own. */
function createAdmission() {
  /** Values of open labels in the order they came; they stay, so that the set does not rotate. */
  const admitted = new Map<string, Set<string>>();
  let overflows = 0;

  const admitOpen = (place: string, max: number, value: string): string => {
    const known = admitted.get(place) ?? new Set<string>();
    admitted.set(place, known);
    if (known.has(value) || known.size < max) {
      known.add(value);
      return value;
    }
    overflows += 1;
    return OTHER;
  };

  return {
    overflows: () => overflows,
    /** Whether a series is among the first so many of its metric. */
    admitTogether: ({ name, maxSeries }: MetricContract, series: string): boolean => maxSeries === undefined || admitOpen(name, maxSeries, series) === series,
    /** @throws Error for a value that a closed list has no place for */
    admit: (metric: MetricContract, label: string, allowed: LabelValues, value: string): string => {
      if ('max' in allowed) {
        return admitOpen(`${metric.name} ${label}`, allowed.max, value);
      }
      if (allowed.includes(value)) {
        return value;
      }
      if (allowed.includes(OTHER)) {
        return OTHER;
      }
      throw new Error(`${metric.name}: "${value}" is not a value of label ${label}; its contract has ${allowed.join(', ')}`);
    },
  };
}

/** In the order of the contract's labels. */
function valuesOf(metric: MetricContract, sample: Sample): string[] {
  const declared = Object.keys(metric.labels);
  const values = declared.map((label) => sample.labels[label]);
  if (Object.keys(sample.labels).length !== declared.length || values.includes(undefined)) {
    throw new Error(`${metric.name} came with the labels (${Object.keys(sample.labels).join(', ')}); its contract has (${declared.join(', ')})`);
  }
  return values as string[];
}

/** Escaped as the text formats want it. */
export function seriesKey(name: string, labels: Labels): string {
  return labels.length === 0 ? name : `${name}{${labels.map(([label, value]) => `${label}="${escapeValue(value)}"`).join(',')}}`;
}

const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
