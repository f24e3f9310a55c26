// Asks the Admin Center about impersonation, with the key of this server.
import type { Settings } from '../options.ts';

const ANSWER_MS = 10_000;

/**
 * @param isAnswer whether this is what the Admin Center answers: a proxy may say 200 to anything
 * @throws Error with the Admin Center's own words and the `status` of its answer where it refuses
 */
export async function post<T>({ url, key }: Settings, what: 'exchange' | 'end' | 'check' | 'consent' | 'history', body: unknown, isAnswer: (answer: Readonly<Record<string, unknown>>) => boolean, patienceMs = ANSWER_MS): Promise<T> {
  const response = await fetch(`${url}/sdk/v1/impersonation/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  });
  const answer: unknown = await response.json().catch(() => null);
  const members = typeof answer === 'object' && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
  if (!response.ok) {
    throw Object.assign(new Error(typeof members['detail'] === 'string' ? members['detail'] : `The Admin Center answers ${response.status}.`), { status: response.status });
  }
  if (!isAnswer(members)) {
    throw new Error(`What answers at ${url} with ${response.status} is not what the Admin Center answers to this.`);
  }
  return members as T;
}
