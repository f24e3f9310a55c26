// How fresh each collector's numbers are, out of the exporter's own metrics.
import { FieldType, type DataFrame } from '@grafana/data';
import { series } from '../../platform/promql.ts';

/** One instant query per column of the table. */
export const COLLECTOR_QUERIES = [
  { refId: 'age', expr: `time() - ${series('admincenter_snapshot_timestamp_seconds')}` },
  { refId: 'interval', expr: series('admincenter_snapshot_interval_seconds') },
  { refId: 'duration', expr: series('admincenter_snapshot_duration_seconds') },
  { refId: 'success', expr: series('admincenter_collector_success') },
].map((query) => ({ ...query, legendFormat: '{{collector}}', instant: true, range: false }));

export interface CollectorRow {
  readonly name: string;
  /** Seconds since the last successful run. */
  readonly age: number | undefined;
  readonly interval: number | undefined;
  readonly duration: number | undefined;
  readonly state: 'fresh' | 'stale' | 'failing';
}

/** A collector may miss one run before its numbers count as stale. */
const STALE_AFTER_INTERVALS = 2;

export function collectorRows(frames: readonly DataFrame[]): CollectorRow[] {
  const byName = new Map<string, Map<string, number>>();
  for (const frame of frames) {
    const field = frame.fields.find(({ type }) => type === FieldType.number);
    const name = field?.labels?.collector;
    const value: unknown = field?.values[field.values.length - 1];
    if (name && frame.refId && typeof value === 'number') {
      byName.set(name, (byName.get(name) ?? new Map<string, number>()).set(frame.refId, value));
    }
  }
  return [...byName].sort(([a], [b]) => a.localeCompare(b)).map(([name, values]) => {
    const [age, interval] = [values.get('age'), values.get('interval')];
    const stale = age === undefined || (interval !== undefined && age > STALE_AFTER_INTERVALS * interval);
    return { name, age, interval, duration: values.get('duration'), state: values.get('success') === 0 ? 'failing' : stale ? 'stale' : 'fresh' };
  });
}
