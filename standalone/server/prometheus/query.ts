// One query of /api/ds/query: its request shape, and running it as a range query, an instant query or both.
import { z } from 'zod';
import { PrometheusError, type PrometheusClient } from '@admin-center/platform/prometheus';
import { queryResult, toFrames, type Frame } from './frames.ts';
import { calculateStep, type IntervalRequest } from './interval.ts';
import { interpolate } from './interpolate.ts';

const datasource = z.object({ type: z.string().optional(), uid: z.string() });

export const querySchema = z.looseObject({
  refId: z.string().min(1).max(100).default('A'),
  datasource,
  expr: z.string().max(20_000).default(''),
  range: z.boolean().optional(),
  instant: z.boolean().optional(),
  legendFormat: z.string().optional(),
  interval: z.string().optional(),
  intervalMs: z.number().positive().optional(),
  intervalFactor: z.number().positive().optional(),
  maxDataPoints: z.number().positive().optional(),
  utcOffsetSec: z.number().optional(),
});
export type Query = z.output<typeof querySchema>;

export interface QueryAnswer {
  readonly status: number;
  readonly frames?: readonly Frame[];
  readonly error?: string;
  readonly errorSource?: 'downstream';
}

export interface QueryContext {
  readonly client: PrometheusClient;
  readonly scrapeInterval: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

export async function runQuery(query: Query, context: QueryContext): Promise<QueryAnswer> {
  const { fromMs, toMs, scrapeInterval } = context;
  const request: IntervalRequest = {
    fromMs,
    toMs,
    scrapeInterval,
    maxDataPoints: query.maxDataPoints,
    intervalMs: query.intervalMs,
    minStep: query.interval,
    intervalFactor: query.intervalFactor,
  };
  try {
    const stepMs = calculateStep(request);
    const expression = interpolate(query.expr, request, stepMs);
    const frameContext = { refId: query.refId, expression, legendFormat: query.legendFormat, stepMs };
    const run = async (
      path: '/api/v1/query' | '/api/v1/query_range',
      parameters: Record<string, string>,
    ): Promise<Frame[]> =>
      toFrames(
        queryResult.parse(
          await context.client.query(path, new URLSearchParams({ query: expression, ...parameters }), context.signal),
        ),
        frameContext,
      );

    const frames: Frame[] = [];
    // Neither flag means a range query, as older dashboards rely on.
    if (query.range === true || query.instant !== true) {
      const align = (ms: number): string => String(alignToStep(ms, stepMs, query.utcOffsetSec ?? 0) / 1000);
      frames.push(
        ...(await run('/api/v1/query_range', { start: align(fromMs), end: align(toMs), step: String(stepMs / 1000) })),
      );
    }
    if (query.instant === true) {
      frames.push(...(await run('/api/v1/query', { time: String(toMs / 1000) })));
    }
    return { status: 200, frames };
  } catch (error) {
    if (error instanceof PrometheusError) {
      return { status: error.status, error: error.message, errorSource: 'downstream' };
    }
    if (error instanceof RangeError) {
      return { status: 400, error: error.message };
    }
    throw error;
  }
}

/** Start and end both move down to a multiple of the step in the viewer's time zone, so that a refresh does not shift the points. */
function alignToStep(ms: number, stepMs: number, utcOffsetSeconds: number): number {
  const offset = utcOffsetSeconds * 1000;
  return Math.floor((ms + offset) / stepMs) * stepMs - offset;
}
