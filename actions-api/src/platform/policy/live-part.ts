// One part of the policy, held in memory so that questions about it cost no query. It is read again when it is told to;
// a read that fails leaves what was known.
import { createHash } from 'node:crypto';
import type { Logger } from '@admin-center/platform/log';
import type { Database, Queryable } from '../database.ts';
import { unavailable } from '../errors.ts';

export interface PolicyPart<T> {
  /** The payload of `pg_notify('admin_center_policy', …)` that says it has changed. */
  readonly name: string;
  /** Plain data: it leaves as JSON, and its JSON decides whether it is another. */
  read(database: Queryable): Promise<T>;
}

export interface LivePart<T> {
  /** @throws AppError 503 while it could not be read even once */
  current(): T;
  /** The same for the same content, on every replica. Empty before the first read. */
  version(): string;
  /** Called after the content has become another, and once when it ends. @returns what stops that */
  onChange(listener: () => void): () => void;
  /** Reads again; calls during a read are answered by one further read, since that one may have begun too early. */
  refresh(): Promise<void>;
  close(): void;
}

interface Known<T> {
  readonly value: T;
  readonly version: string;
}

export function livePart<T>(database: Database, part: PolicyPart<T>, log: Logger): LivePart<T> {
  const listeners = new Set<() => void>();
  let known: Known<T> | null = null;
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let closed = false;

  const tell = (): void => {
    for (const listener of listeners) {
      try {
        listener();
      } catch (err) {
        log.error({ err, part: part.name }, 'a listener of the policy failed');
      }
    }
  };
  const read = async (): Promise<void> => {
    const value = await part.read(database);
    const version = createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 20);
    if (closed || version === known?.version) {
      return;
    }
    known = { value, version };
    tell();
  };
  const start = (): Promise<void> => {
    running = read().finally(() => {
      running = null;
    });
    return running;
  };

  return {
    current() {
      if (known === null) {
        throw unavailable('policy_unavailable', 'The policy could not be read from the database yet. Try again in a few seconds.', 2);
      }
      return known.value;
    },
    version: () => known?.version ?? '',
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh() {
      if (running === null) {
        return start();
      }
      next ??= running.catch(() => undefined).then(() => {
        next = null;
        return start();
      });
      return next;
    },
    close() {
      closed = true;
      tell();
      listeners.clear();
    },
  };
}
