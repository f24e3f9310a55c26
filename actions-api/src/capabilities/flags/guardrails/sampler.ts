// Asks Prometheus for the one number behind a guardrail. Whatever keeps it from answering is an answer too: a guardrail
// that cannot be judged holds its ramp.
import { type PrometheusClient, PrometheusError } from '@admin-center/platform/prometheus';
import { z } from 'zod';

/** Prometheus looks at the numbers at this instant of its own clock. */
const point = z.tuple([z.number(), z.string().transform(toNumber)]);
const answer = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: point })) }),
  z.object({ resultType: z.literal('scalar'), result: point }),
]);

export type Sampling =
  | { readonly kind: 'numbers'; readonly values: readonly number[]; readonly at: Date }
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

export interface Sampler {
  /** Never throws. `refused` is Prometheus's word on the query itself; `none` may pass by itself. */
  sample(query: string): Promise<Sampling>;
}

export const createSampler = (client: PrometheusClient, signal: AbortSignal): Sampler => ({
  async sample(query) {
    try {
      const parsed = answer.safeParse(await client.query('/api/v1/query', new URLSearchParams({ query }), signal));
      if (!parsed.success) {
        return { kind: 'refused', why: 'The query must give numbers of one instant, not a range or a text.' };
      }
      const points = parsed.data.resultType === 'scalar' ? [parsed.data.result] : parsed.data.result.map(({ value }) => value);
      const [first] = points;
      return first === undefined
        ? { kind: 'none', why: 'The query has no data.' }
        : { kind: 'numbers', values: points.map(([, value]) => value), at: new Date(first[0] * 1_000) };
    } catch (error) {
      if (!(error instanceof PrometheusError)) {
        throw error;
      }
      // 400: it does not parse. 422: it cannot be executed, such as a match of many to many.
      return { kind: error.status === 400 || error.status === 422 ? 'refused' : 'none', why: error.message };
    }
  },
});

/** As Prometheus writes numbers in JSON. */
function toNumber(text: string): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
