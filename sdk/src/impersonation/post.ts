// Asks the Admin Center about impersonation, with the key of this server.
import type { Settings } from '../options.ts';

const ANSWER_MS = 10_000;

/** @throws Error with the Admin Center's own words and the `status` of its answer where it refuses */
export async function post({ url, key }: Settings, what: 'exchange' | 'end' | 'check' | 'consent' | 'history', body: unknown, patienceMs = ANSWER_MS): Promise<unknown> {
  const response = await fetch(`${url}/sdk/v1/impersonation/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  });
  const answer = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  if (!response.ok) {
    throw Object.assign(new Error(answer.detail ?? `The Admin Center answers ${response.status}.`), { status: response.status });
  }
  return answer;
}
