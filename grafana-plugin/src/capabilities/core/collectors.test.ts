// How fresh the collectors are, out of the exporter's metrics.
import { FieldType, toDataFrame } from '@grafana/data';
import { collectorRows } from './collectors.ts';

const frame = (refId: string, collector: string, value: number) => toDataFrame({ refId, fields: [{ name: 'Value', type: FieldType.number, labels: { collector }, values: [value] }] });
const collector = (name: string, age: number, interval: number, success: number) => [frame('age', name, age), frame('interval', name, interval), frame('success', name, success), frame('duration', name, 0.2)];

test('fresh, stale and failing', () => {
  const rows = collectorRows([...collector('users', 20, 30, 1), ...collector('audit', 61, 30, 1), ...collector('core', 5, 30, 0)]);
  expect(rows.map(({ name, state }) => [name, state])).toEqual([
    ['audit', 'stale'],
    ['core', 'failing'],
    ['users', 'fresh'],
  ]);
  expect(rows[2]).toMatchObject({ age: 20, interval: 30, duration: 0.2 });
});

test('a collector that never succeeded has no age', () => {
  expect(collectorRows([frame('success', 'users', 0)])).toEqual([{ name: 'users', age: undefined, interval: undefined, duration: undefined, state: 'failing' }]);
});

test('nothing scraped, nothing shown', () => {
  expect(collectorRows([])).toEqual([]);
});
