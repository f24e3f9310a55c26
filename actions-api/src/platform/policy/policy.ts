// All parts of the policy in memory, kept up by one connection that listens for their changes.
import type { Logger } from '@admin-center/platform/log';
import type pg from 'pg';
import { flagsPolicy } from '../../capabilities/flags/policy.ts';
import { impersonationPolicy } from '../../capabilities/impersonation/policy.ts';
import { createDatabase } from '../database.ts';
import { qualifyingPolicy } from '../events/qualifying.ts';
import { startLoop } from '../jobs/loop.ts';
import { createListener } from '../outbox/listen.ts';
import { projectKeysPolicy } from '../project-keys/policy.ts';
import { type LivePart, livePart, type PolicyPart } from './live-part.ts';
import { sessionsPolicy } from './sessions.ts';

const CHANNEL = 'admin_center_policy';
/** How soon a broken connection is noticed and replaced. */
const LOOK_MS = 1_000;
/** A net: were a notification ever lost, this is how long its change stays unseen. */
const REREAD_MS = 30_000;

type Content<P> = P extends PolicyPart<infer T> ? T : never;
type Live<Parts> = { readonly [Name in keyof Parts]: LivePart<Content<Parts[Name]>> };

/** A further part is a line here. */
const PARTS = { projectKeys: projectKeysPolicy, flags: flagsPolicy, impersonation: impersonationPolicy, sessions: sessionsPolicy, qualifying: qualifyingPolicy };

export interface Policy extends Live<typeof PARTS> {
  /** Resolves when each part was tried once, read or not. */
  readonly tried: Promise<void>;
  close(): Promise<void>;
}

/** @param pool gives one connection away for good, and one at a time for reading */
export function startPolicy(pool: pg.Pool, log: Logger): Policy {
  const database = createDatabase(pool);
  const live = Object.fromEntries(Object.entries(PARTS).map(([name, part]) => [name, livePart<unknown>(database, part, log)])) as unknown as Live<typeof PARTS>;
  const byName = new Map(Object.entries(PARTS).map(([name, part]) => [part.name, live[name as keyof typeof PARTS] as LivePart<unknown>]));

  const refresh = (parts: Iterable<LivePart<unknown>>): Promise<unknown> =>
    Promise.all([...parts].map((part) => part.refresh().catch((err: unknown) => log.warn({ err }, 'a part of the policy could not be read; what was known holds on'))));
  const listener = createListener(pool, CHANNEL, log, ({ payload }) => {
    const part = byName.get(payload ?? '');
    void refresh(part === undefined ? byName.values() : [part]);
  });

  let reread = 0;
  let tried = (): void => undefined;
  const once = new Promise<void>((resolve) => {
    tried = resolve;
  });
  const loop = startLoop('policy', LOOK_MS, log, async () => {
    try {
      // Listening first and reading then: a change between the two is seen by one of them.
      const connected = await listener.ensure();
      if (connected || performance.now() - reread > REREAD_MS) {
        await refresh(byName.values());
        reread = performance.now();
      }
    } finally {
      tried();
    }
  });

  return {
    ...live,
    tried: once,
    async close() {
      await loop.close();
      listener.close();
      for (const part of byName.values()) {
        part.close();
      }
    },
  };
}
