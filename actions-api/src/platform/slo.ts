// The state of the API's error budget, from Prometheus: whether this is a bad moment for a change.
import type { Slo } from '@admin-center/contracts/fields';
import type { Config } from '../config.ts';

const TIMEOUT_MS = 1_000;
const NAME = 'Requests answered without an error';
const ERROR_RATIO = 'admincenter:http_error_ratio:rate1h';
const BURNING = 'count(ALERTS{alertname=~"AdminErrorBudgetBurn.*",alertstate="firing"}) or vector(0)';

/** Never throws and never takes longer than a second: nobody waits for Prometheus before they may act. */
export async function readSlo({ PROMETHEUS_URL }: Pick<Config, 'PROMETHEUS_URL'>): Promise<Slo> {
  const unknown: Slo = { name: NAME, state: 'unknown', errorRatio: null };
  if (PROMETHEUS_URL === undefined) {
    return unknown;
  }
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const [ratio, burning] = await Promise.all([ERROR_RATIO, BURNING].map((expr) => ask(PROMETHEUS_URL, expr, signal)));
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
async function ask(url: string, expr: string, signal: AbortSignal): Promise<number | undefined> {
  const response = await fetch(`${url.replace(/\/$/, '')}/api/v1/query?query=${encodeURIComponent(expr)}`, { signal });
  if (!response.ok) {
    throw new Error(`Prometheus answered ${response.status}`);
  }
  const { data } = (await response.json()) as { data: { result: readonly { readonly value: readonly [number, string] }[] } };
  const sample = data.result[0]?.value[1];
  return sample === undefined ? undefined : Number(sample);
}
