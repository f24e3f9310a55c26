// Numbers by country out of what queries answer.
import { FieldType, toDataFrame } from '@grafana/data';
import { countriesOf } from './frames.ts';

const series = (country: string, values: Array<number | null>) =>
  toDataFrame({ fields: [{ name: 'Time', type: FieldType.time, values: values.map((_, index) => index) }, { name: 'Value', type: FieldType.number, labels: { country }, values }] });

test('series with a label: the last number there is', () => {
  expect(countriesOf([series('DE', [1, 5, null]), series('us', [9]), series('FR', [0])], 'country')).toEqual({ rows: [{ value: 'US', users: 9 }, { value: 'DE', users: 5 }], other: { values: 0, users: 0 } });
});

test('a table with a column of codes', () => {
  const table = toDataFrame({ fields: [{ name: 'land', type: FieldType.string, values: ['DE', 'AT'] }, { name: 'Value', type: FieldType.number, values: [3, 4] }] });
  expect(countriesOf([table], 'land').rows).toEqual([{ value: 'AT', users: 4 }, { value: 'DE', users: 3 }]);
});

test('anything else has no countries', () => {
  expect(countriesOf([toDataFrame({ fields: [{ name: 'Value', type: FieldType.number, values: [3] }] })], 'country').rows).toEqual([]);
  expect(countriesOf([], 'country').rows).toEqual([]);
});
