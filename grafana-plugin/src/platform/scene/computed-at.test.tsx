import { FieldType, toDataFrame } from '@grafana/data';
import { instantOf } from './computed-at.tsx';

const frame = (...values: number[]) => toDataFrame({ fields: [{ name: 'Time', type: FieldType.time, values: values.map((_, index) => index) }, { name: 'Value', type: FieldType.number, values }] });

test('the instant is that of the answer, and none without one', () => {
  expect(instantOf([frame(1_764_417_600)])).toBe('2025-11-29T12:00:00.000Z');
  expect(instantOf([])).toBeNull();
  expect(instantOf([frame()])).toBeNull();
  expect(instantOf([frame(Number.NaN)])).toBeNull();
});
