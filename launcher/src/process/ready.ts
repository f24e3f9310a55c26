// Waits until a part answers, or says why it never will.
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../problem.ts';
import { lastLines, type Child } from './child.ts';

const POLL_MS = 60;

/** Null when the URL answers with 2xx; else what is wrong, for a person. */
export async function probeHttp(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
    const text = await response.text();
    return response.ok ? null : `${url} answers ${response.status} ${text.slice(0, 300)}`;
  } catch (error) {
    const cause = (error as Error).cause;
    return `${url} does not answer (${cause instanceof Error ? cause.message : (error as Error).message})`;
  }
}

export interface Waiting {
  readonly name: string;
  readonly child: () => Child;
  readonly url: string;
  readonly dataDir: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws Problem with the last lines of the part's log when it ends or stays silent */
export async function waitUntilReady({ name, child, url, dataDir, timeoutMs = 60_000, signal }: Waiting): Promise<void> {
  let ended: string | null = null;
  void child().ended.then((how) => {
    ended = how;
  });
  let answer: string | null = 'not asked yet';
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await delay(POLL_MS)) {
    signal?.throwIfAborted();
    answer = await probeHttp(url);
    if (answer === null) {
      return;
    }
    if (ended !== null) {
      throw new Problem(`${name} ended with ${String(ended)} while it started. The end of its log:\n${lastLines(dataDir, name)}`);
    }
  }
  throw new Problem(`${name} is not ready after ${timeoutMs / 1000} s: ${answer}. The end of its log:\n${lastLines(dataDir, name)}`);
}
