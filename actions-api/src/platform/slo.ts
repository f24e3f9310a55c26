// The state of the API's error budget, from Prometheus: whether this is a bad moment for a change.
import type { Slo } from '@admin-center/contracts/fields';
import { createPrometheusClient, type PrometheusClient } from '@admin-center/platform/prometheus';
import { z } from 'zod';
import type { Config } from '../config.ts';

const TIMEOUT_MS = 1_000;
const NAME = 'Requests answered without an error';
const ERROR_RATIO = 'admincenter:http_error_ratio:rate1h';
const vector = z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) });
const BURNING = 'count(ALERTS{alertname=~"AdminErrorBudgetBurn.*",alertstate="firing"}) or vector(0)';

/** Never throws and never takes longer than a second: nobody waits for Prometheus before they may act. */
export async function readSlo({ PROMETHEUS_URL }: Pick<Config, 'PROMETHEUS_URL'>): Promise<Slo> {
  const unknown: Slo = { name: NAME, state: 'unknown', errorRatio: null };
  if (PROMETHEUS_URL === undefined) {
    return unknown;
  }
  try {
    const client = createPrometheusClient(PROMETHEUS_URL, TIMEOUT_MS);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const [ratio, burning] = await Promise.all([ERROR_RATIO, BURNING].map((query) => ask(client, query, signal)));
    // Without the recording rule there is no alert on it either: silence means nothing then.
    if (ratio === undefined || burning === undefined) {
      return unknown;
    }
    return { name: NAME, state: burning > 0 ? 'burning' : 'met', errorRatio: Number.isFinite(ratio) ? ratio : null };
  } catch {
    return unknown;
  }
}

/** @returns the first sample; NaN where Prometheus divided by nothing; undefined where there is none */
async function ask(client: PrometheusClient, query: string, signal: AbortSignal): Promise<number | undefined> {
  const { result } = vector.parse(await client.query('/api/v1/query', new URLSearchParams({ query }), signal));
  const sample = result[0]?.value[1];
  return sample === undefined ? undefined : Number(sample);
}
