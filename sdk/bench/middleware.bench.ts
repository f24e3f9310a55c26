// What the middleware costs a request of Express, with and without events of users, and what flags and events cost in code.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import path from 'node:path';
import { adminCenter } from '../src/admin-center.ts';
import { evaluate } from '../src/flags/evaluate.ts';
import { FLAGS, policy, startPolicyServer } from './policy-server.ts';

export const name = 'SDK: middleware and local evaluation';

const CONCURRENT = 16;
const ROUND_MS = 1_000;
const ROUNDS = 5;
const EVALUATIONS = 300_000;
/** As many as are collected between two times of sending. */
const EVENTS = 10_000;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

async function startHost(...args: string[]): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'host.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: `http://127.0.0.1:${port.toString().trim()}/api/users/7` };
}

/** @returns requests per second */
async function load(url: string, agent: Agent): Promise<number> {
  const until = performance.now() + ROUND_MS;
  let count = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      await new Promise<void>((resolve, reject) => {
        get(url, { agent }, (response) => response.resume().once('end', resolve)).once('error', reject);
      });
      count += 1;
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: CONCURRENT }, client));
  return (count / (performance.now() - begun)) * 1_000;
}

export async function run(report: (row: Record<string, string | number>) => void): Promise<void> {
  const server = await startPolicyServer();
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENT });
  const bare = await startHost('bare');
  const silent = await startHost('silent', server.url, server.key);
  const mounted = await startHost('middleware', server.url, server.key);
  const center = adminCenter({ url: server.url, key: server.key, reportEveryMs: 60_000 });
  try {
    await center.ready();
    for (const { url } of [bare, silent, mounted]) {
      await load(url, agent);
    }
    const rounds: { readonly bare: number; readonly silent: number; readonly mounted: number }[] = [];
    // In turns, so that whatever else the machine does meets both.
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ bare: await load(bare.url, agent), silent: await load(silent.url, agent), mounted: await load(mounted.url, agent) });
    }
    const of = (which: 'bare' | 'silent' | 'mounted'): number => median(rounds.map((round) => round[which]));
    const perSecond = { bare: of('bare') };
    report({ what: 'Express bare', 'requests per second': Math.round(perSecond.bare) });
    for (const [which, what] of [['silent', 'Express with the middleware, without events'], ['mounted', 'Express with the middleware']] as const) {
      report({
        what, 'requests per second': Math.round(of(which)),
        'of bare': median(rounds.map((round) => round[which] / round.bare)),
        'microseconds more per request': 1_000_000 / of(which) - 1_000_000 / perSecond.bare,
      });
    }

    const context = (index: number) => ({ targetingKey: `user-${index % 10_000}`, tier: 'free', country: 'DE', appVersion: '7.19.0' });
    const evaluations = (what: string, one: (index: number) => unknown): void => {
      const begun = performance.now();
      for (let index = 0; index < EVALUATIONS; index++) {
        one(index);
      }
      report({ what, flags: FLAGS, 'a second': Math.round((EVALUATIONS / (performance.now() - begun)) * 1_000) });
    };
    evaluations('evaluate', (index) => evaluate(policy.flags, `flag-${index % FLAGS}`, context(index)));
    evaluations('center.flags.boolean, counted', (index) => center.flags.boolean(`flag-${index % FLAGS}`, false, context(index)));
    evaluations('center.exposure, seen before', (index) => center.exposure(`user-${index % 10_000}`, 'pricing', 'on'));
    const begun = performance.now();
    for (let index = 0; index < EVENTS; index++) {
      center.track(`user-${index % 10_000}`, 'Tunnel Started', { feature: 'tunnel', index });
    }
    report({ what: 'center.track', 'microseconds each': ((performance.now() - begun) * 1_000) / EVENTS });
  } finally {
    bare.child.kill();
    silent.child.kill();
    mounted.child.kill();
    agent.destroy();
    await center.close();
    server.close();
  }
}
