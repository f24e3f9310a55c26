// Keeps the policy: asks for it, waits for its changes, believes only what is signed, and holds on to the last good copy.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../options.ts';
import { readCache, writeCache } from './cache.ts';
import { NONCE_HEADER, type PolicyDocument, SIGNATURE_HEADER } from './document.ts';
import { isGenuine, type Signed } from './verify.ts';

const WAIT_S = 25;
const ANSWER_MS = (WAIT_S + 10) * 1_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** Clocks that differ by less are the same. */
const SAME_CLOCK_MS = 5_000;
/** Whatever the other side does, it is not asked more often than this. */
const LEAST_PAUSE_MS = 20;

/** The document, with its lists as sets. */
export interface HeldPolicy {
  readonly document: PolicyDocument;
  readonly refusedUsers: ReadonlySet<string>;
  readonly endedSessions: ReadonlySet<string>;
}

export interface PolicySource {
  /** Null before there ever was one. */
  current(): HeldPolicy | null;
  /** Since the Admin Center last confirmed it; null when it never did, as with a copy from disk. */
  ageMs(): number | null;
  /** By the clock of the Admin Center, which says when sessions end; by our own while it has said nothing. */
  now(): Date;
  ready(timeoutMs: number): Promise<boolean>;
  onChange(listener: () => void): () => void;
  close(): void;
}

/** By both clocks: one stands still while a machine sleeps, the other can be set back. */
const instant = () => ({ wall: Date.now(), steady: performance.now() });

export function policySource(settings: Settings): PolicySource {
  const { url, key, cacheFile, onError } = settings;
  const closing = new AbortController();
  const listeners = new Set<() => void>();
  let held: HeldPolicy | null = null;
  let etag: string | null = null;
  let confirmed: ReturnType<typeof instant> | null = null;
  let aheadMs = 0;

  const hold = (signed: Signed): void => {
    const document = JSON.parse(signed.body) as PolicyDocument;
    held = { document, refusedUsers: new Set(document.sessions?.refusedUsers), endedSessions: new Set(document.sessions?.endedSessions) };
    etag = signed.etag;
    for (const listener of listeners) {
      try {
        listener();
      } catch (error) {
        onError(error as Error);
      }
    }
  };

  const ask = async (): Promise<void> => {
    const nonce = randomUUID();
    const response = await fetch(`${url}/sdk/v1/policy?wait=${etag === null ? 0 : WAIT_S}`, {
      headers: { authorization: `Bearer ${key}`, [NONCE_HEADER]: nonce, ...(etag === null ? {} : { 'if-none-match': etag }) },
      redirect: 'error',
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const body = await response.text();
    if (response.status !== 200 && response.status !== 304) {
      throw new Error(`The Admin Center answers ${response.status} to the question for the policy: ${body.slice(0, 300)}`);
    }
    const signed = { nonce, body, etag: response.headers.get('etag') ?? '', signature: response.headers.get(SIGNATURE_HEADER) ?? '' };
    if (!isGenuine(signed, key) || (response.status === 304 && signed.etag !== etag)) {
      throw new Error('The answer to the question for the policy is not signed with our key, so it is not believed.');
    }
    if (response.status === 200) {
      hold(signed);
      if (cacheFile !== null) {
        await writeCache(cacheFile, signed).catch(onError);
      }
    }
    confirmed = instant();
    const theirs = Date.parse(response.headers.get('date') ?? '');
    const difference = confirmed.wall - theirs;
    // The header has whole seconds, and the answer was under way.
    aheadMs = Math.abs(difference) > SAME_CLOCK_MS ? difference : 0;
  };

  const run = async (): Promise<void> => {
    if (cacheFile !== null) {
      const kept = await readCache(cacheFile, key);
      if (kept !== null) {
        hold(kept);
        // Asked for whole: only the Admin Center's own answer confirms a copy.
        etag = null;
      }
    }
    for (let pause = FIRST_PAUSE_MS; !closing.signal.aborted; ) {
      try {
        await ask();
        pause = FIRST_PAUSE_MS;
        await delay(LEAST_PAUSE_MS, undefined, { ref: false });
      } catch (error) {
        if (closing.signal.aborted) {
          return;
        }
        onError(error as Error);
        // Half of it at random: replicas of a host must not come back all at once.
        await delay(pause / 2 + (Math.random() * pause) / 2, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  };
  void run();

  const onChange: PolicySource['onChange'] = (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    current: () => held,
    ageMs() {
      const now = instant();
      return confirmed === null ? null : Math.max(now.wall - confirmed.wall, now.steady - confirmed.steady);
    },
    now: () => new Date(Date.now() - aheadMs),
    ready: (timeoutMs) =>
      new Promise((resolve) => {
        if (held !== null) {
          resolve(true);
          return;
        }
        const end = (): void => {
          clearTimeout(timer);
          stop();
          resolve(held !== null);
        };
        const timer = setTimeout(end, timeoutMs);
        const stop = onChange(end);
        closing.signal.addEventListener('abort', end, { once: true });
      }),
    onChange,
    close: () => closing.abort(),
  };
}
