// Data frames from Prometheus answers: names, labels, numbers JSON cannot carry.
import { describe, expect, test } from '@jest/globals';
import { toFrames, type FrameContext } from './frames.ts';
import { metricText, seriesName } from './legend.ts';

const context = (legendFormat?: string): FrameContext => ({
  refId: 'A',
  expression: 'sum(x)',
  legendFormat,
  stepMs: 15_000,
});

describe('a range', () => {
  const frames = toFrames(
    {
      resultType: 'matrix',
      result: [
        {
          metric: { __name__: 'up', job: 'api' },
          values: [
            [1700000000, '1'],
            [1700000015.5, '0.5'],
          ],
        },
        {
          metric: { job: 'db' },
          values: [
            [1700000000, 'NaN'],
            [1700000015, '+Inf'],
            [1700000030, '-Inf'],
            [1700000045, '2e3'],
          ],
        },
      ],
    },
    context('{{job}}'),
  );

  test('becomes one frame per series, times in milliseconds', () => {
    expect(frames).toHaveLength(2);
    expect(frames[0]?.data.values).toEqual([
      [1700000000000, 1700000015500],
      [1, 0.5],
    ]);
    expect(frames[0]?.schema).toEqual({
      refId: 'A',
      meta: {
        type: 'timeseries-multi',
        typeVersion: [0, 1],
        custom: { resultType: 'matrix' },
        executedQueryString: 'Expr: sum(x)\nStep: 15s',
      },
      fields: [
        { name: 'Time', type: 'time', typeInfo: { frame: 'time.Time' }, config: { interval: 15_000 } },
        {
          name: 'up',
          type: 'number',
          typeInfo: { frame: 'float64' },
          labels: { __name__: 'up', job: 'api' },
          config: { displayNameFromDS: 'api' },
        },
      ],
    });
  });

  test('keeps what JSON cannot carry as positions', () => {
    expect(frames[1]?.data).toEqual({
      values: [
        [1700000000000, 1700000015000, 1700000030000, 1700000045000],
        [null, null, null, 2000],
      ],
      entities: [null, { NaN: [0], Inf: [1], NegInf: [2] }],
    });
    expect(frames[1]?.schema.meta.executedQueryString).toBeUndefined();
  });
});

test('a vector, a scalar and a string become one value each', () => {
  const vector = toFrames(
    { resultType: 'vector', result: [{ metric: { tier: 'free' }, value: [1700000000, '3'] }] },
    context(),
  );
  expect(vector[0]?.schema.meta).toMatchObject({ type: 'numeric-multi', custom: { resultType: 'vector' } });
  expect(vector[0]?.data.values).toEqual([[1700000000000], [3]]);
  const scalar = toFrames({ resultType: 'scalar', result: [1700000000, '42'] }, context());
  expect(scalar[0]?.data.values).toEqual([[1700000000000], [42]]);
  expect(scalar[0]?.schema.fields[1]).toMatchObject({ config: { displayNameFromDS: 'sum(x)' } });
  const text = toFrames({ resultType: 'string', result: [1700000000, 'hello'] }, context());
  expect(text[0]?.schema.fields[1]).toEqual({ name: 'Value', type: 'string', typeInfo: { frame: 'string' } });
});

test('nothing found is one frame without fields, which still says what was asked', () => {
  expect(toFrames({ resultType: 'matrix', result: [] }, context())).toEqual([
    {
      schema: { refId: 'A', meta: { executedQueryString: 'Expr: sum(x)\nStep: 15s' }, fields: [] },
      data: { values: [] },
    },
  ]);
});

test.each([
  ['{{job}}', { job: 'api' }, 'api'],
  ['{{ job }} on {{instance}}', { job: 'api', instance: 'a:1' }, 'api on a:1'],
  ['{{missing}}', { job: 'api' }, ''],
  ['fixed', {}, 'fixed'],
  ['__auto', { job: 'api' }, ''],
  ['__auto', {}, 'sum(x)'],
  ['', {}, 'sum(x)'],
  [undefined, { __name__: 'up', job: 'api', env: 'x' }, 'up{env="x", job="api"}'],
  [undefined, { __name__: 'up' }, 'up'],
])('legend %p of %j is %p', (format, labels, name) => {
  expect(seriesName(format, labels, 'sum(x)')).toBe(name);
});

test('a metric is written as PromQL writes it', () => {
  expect(metricText({ job: 'a"b' })).toBe('{job="a\\"b"}');
  expect(metricText({})).toBe('{}');
});
