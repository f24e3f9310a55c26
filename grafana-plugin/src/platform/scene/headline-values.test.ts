// A headline out of its query's frames.
import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import { change, headlineQueries, headlineValues } from './headline-values.ts';

const frame = (refId: string, values: Array<number | null>): DataFrame =>
  toDataFrame({ refId, fields: [{ name: 'time', type: FieldType.time, values: values.map((_, index) => index) }, { name: 'value', type: FieldType.number, values }] });

test('the four queries ask for the trend, now, a week ago and 30 days ago', () => {
  const queries = headlineQueries({ title: 'Users', description: '', unit: 'short', expr: (offset) => (offset ? `users offset ${offset}` : 'users'), good: 'up', change: 'percent', link: { label: '', href: '' }, permission: 'users:read' });
  expect(queries.map(({ refId, expr, instant }) => [refId, expr, instant])).toEqual([
    ['trend', 'users', false],
    ['now', 'users', true],
    ['week', 'users offset 7d', true],
    ['month', 'users offset 30d', true],
  ]);
});

test('values are the last finite ones; gaps and missing frames are unknown', () => {
  const values = headlineValues([frame('trend', [1, 2, 3]), frame('now', [7, null]), frame('week', [Number.NaN])]);
  expect(values).toMatchObject({ now: 7, week: undefined, month: undefined });
  expect(values.trend?.value.values).toEqual([1, 2, 3]);
  expect(headlineValues([]).trend).toBeUndefined();
});

test.each([
  ['more of what is good', 110, 100, 'percent', 'up', { text: '+10%', direction: 'up', news: 'good' }],
  ['less of what is good', 90, 100, 'percent', 'up', { text: '−10%', direction: 'down', news: 'bad' }],
  ['less of what is bad, in points', 0.02, 0.025, 'points', 'down', { text: '−0.5 pp', direction: 'down', news: 'good' }],
  ['the same within rounding', 100.01, 100, 'percent', 'up', { text: '±0', direction: 'same', news: 'neither' }],
  ['neither good nor bad', 2, 1, 'percent', 'neither', { text: '+100%', direction: 'up', news: 'neither' }],
] as const)('%s', (_, now, before, kind, good, expected) => {
  expect(change(now, before, { change: kind, good })).toEqual(expected);
});

test('no change is shown where there is nothing to compare with', () => {
  expect(change(5, undefined, { change: 'percent', good: 'up' })).toBeUndefined();
  expect(change(undefined, 5, { change: 'points', good: 'up' })).toBeUndefined();
});
