// Prometheus answers → data frames in Grafana's JSON form (grafana-plugin-sdk-go, data plane `timeseries-multi` and `numeric-multi`).
import { z } from 'zod';
import { formatExact } from './interval.ts';
import { seriesName, type Labels } from './legend.ts';

const sample = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());

/** The `data` of a successful answer of /api/v1/query and /api/v1/query_range. */
export const queryResult = z.discriminatedUnion('resultType', [
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(sample).default([]) })),
  }),
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: sample })) }),
  z.object({ resultType: z.literal('scalar'), result: sample }),
  z.object({ resultType: z.literal('string'), result: sample }),
]);
export type QueryResult = z.output<typeof queryResult>;

/** Values JSON cannot carry, as the positions where they stand in a column of nulls. */
interface Entities {
  NaN?: number[];
  Inf?: number[];
  NegInf?: number[];
}

interface Field {
  readonly name: string;
  readonly type: 'time' | 'number' | 'string';
  readonly typeInfo: { readonly frame: string };
  readonly labels?: Labels;
  readonly config?: { readonly interval?: number; readonly displayNameFromDS?: string };
}

export interface Frame {
  readonly schema: {
    readonly refId: string;
    readonly meta: {
      type?: string;
      typeVersion?: readonly [number, number];
      custom?: { resultType: string };
      executedQueryString?: string;
    };
    readonly fields: readonly Field[];
  };
  readonly data: { readonly values: readonly unknown[][]; readonly entities?: ReadonlyArray<Entities | null> };
}

export interface FrameContext {
  readonly refId: string;
  readonly expression: string;
  readonly legendFormat: string | undefined;
  readonly stepMs: number;
}

/** One frame per series; a lone frame without fields when there are none, which still carries the executed query. */
export function toFrames(result: QueryResult, context: FrameContext): Frame[] {
  const frames = seriesOf(result).map((series) => toFrame(series, result.resultType, context));
  if (frames.length === 0) {
    frames.push({ schema: { refId: context.refId, meta: {}, fields: [] }, data: { values: [] } });
  }
  const [first] = frames;
  if (first !== undefined) {
    first.schema.meta.executedQueryString = `Expr: ${context.expression}\nStep: ${formatExact(context.stepMs)}`;
  }
  return frames;
}

interface Series {
  readonly labels: Labels;
  readonly samples: ReadonlyArray<readonly [number, string]>;
}

function seriesOf(result: QueryResult): Series[] {
  switch (result.resultType) {
    case 'matrix':
      return result.result.map(({ metric, values }) => ({ labels: metric, samples: values }));
    case 'vector':
      return result.result.map(({ metric, value }) => ({ labels: metric, samples: [value] }));
    case 'scalar':
    case 'string':
      return [{ labels: {}, samples: [result.result] }];
  }
}

function toFrame(series: Series, resultType: QueryResult['resultType'], context: FrameContext): Frame {
  const times = series.samples.map(([seconds]) => Math.round(seconds * 1000));
  const meta = {
    type: resultType === 'matrix' ? 'timeseries-multi' : 'numeric-multi',
    typeVersion: [0, 1] as const,
    custom: { resultType },
  };
  const time: Field = {
    name: 'Time',
    type: 'time',
    typeInfo: { frame: 'time.Time' },
    config: { interval: context.stepMs },
  };
  if (resultType === 'string') {
    const text: Field = { name: 'Value', type: 'string', typeInfo: { frame: 'string' } };
    return {
      schema: { refId: context.refId, meta, fields: [time, text] },
      data: { values: [times, series.samples.map(([, value]) => value)] },
    };
  }
  const displayName = seriesName(context.legendFormat, series.labels, context.expression);
  const value: Field = {
    name: series.labels['__name__'] ?? 'Value',
    type: 'number',
    typeInfo: { frame: 'float64' },
    labels: series.labels,
    ...(displayName === '' ? {} : { config: { displayNameFromDS: displayName } }),
  };
  const { numbers, entities } = toNumbers(series.samples);
  return {
    schema: { refId: context.refId, meta, fields: [time, value] },
    data: { values: [times, numbers], ...(entities === null ? {} : { entities: [null, entities] }) },
  };
}

function toNumbers(samples: Series['samples']): { numbers: Array<number | null>; entities: Entities | null } {
  const entities: Entities = {};
  const numbers = samples.map(([, text], index) => {
    const number = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
    if (Number.isFinite(number)) {
      return number;
    }
    const kind = Number.isNaN(number) ? 'NaN' : number > 0 ? 'Inf' : 'NegInf';
    (entities[kind] ??= []).push(index);
    return null;
  });
  return { numbers, entities: Object.keys(entities).length > 0 ? entities : null };
}
