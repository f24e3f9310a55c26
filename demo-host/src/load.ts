// People who use the demo host: requests with the tokens of sessions that live, about as many a second as asked for.
import type { Logger } from '@admin-center/platform/log';
import type { Store } from './store.ts';

const TOKENS = 300;
const RENEW_MS = 20_000;
const ANSWER_MS = 10_000;

/** What people do, with how often. */
const ROUTES: readonly (readonly [weight: number, method: string, path: string])[] = [
  [45, 'GET', '/api/tunnels'],
  [15, 'POST', '/api/tunnels/home/start'],
  [20, 'GET', '/api/profile'],
  [15, 'GET', '/api/usage'],
  [5, 'PUT', '/api/preferences'],
];
const WEIGHT = ROUTES.reduce((sum, [weight]) => sum + weight, 0);

export interface Load {
  close(): Promise<void>;
}

export function startLoad(baseUrl: string, store: Store, perSecond: number, random: () => number, log: Logger): Load {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  let tokens: readonly string[] = [];

  const renew = (): void => {
    store.someTokens(TOKENS).then((found) => {
      tokens = found;
    }, (err: unknown) => log.warn({ err }, 'the load generator finds no sessions'));
  };
  const send = async (): Promise<void> => {
    const token = tokens[Math.floor(random() * tokens.length)];
    if (token === undefined) {
      return;
    }
    let drawn = random() * WEIGHT;
    const [, method, path] = ROUTES.find(([weight]) => (drawn -= weight) < 0) ?? (ROUTES[0] as (typeof ROUTES)[number]);
    // Nobody does any of this, so nobody is to become active by it: what people do, the simulator tells.
    const response = await fetch(baseUrl + path, { method, headers: { authorization: `Bearer ${token}`, 'sec-gpc': '1' }, signal: AbortSignal.any([ending.signal, AbortSignal.timeout(ANSWER_MS)]) });
    await response.arrayBuffer();
  };

  renew();
  const renewing = setInterval(renew, RENEW_MS);
  const sending = setInterval(() => {
    const one = send().catch(() => undefined).finally(() => running.delete(one));
    running.add(one);
  }, 1_000 / perSecond);
  return {
    async close() {
      clearInterval(renewing);
      clearInterval(sending);
      ending.abort();
      await Promise.all(running);
    },
  };
}
