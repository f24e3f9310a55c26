// The only way to write: one transaction holds the change, what was before and after, the audit entry with its outbox
// row, and the answer kept for a retry. What was denied or failed is recorded too, in a transaction of its own.
import type { EndpointContract } from '@admin-center/contracts/capability';
import type { Histogram } from '@opentelemetry/api';
import { appendEntry, type Entry, mirrorEntry, type Target } from './audit-entry.ts';
import { checkPermission } from './auth/admins.ts';
import type { RequestContext } from './context.ts';
import type { Database, Tx } from './database.ts';
import { isDisconnected } from './database-errors.ts';
import { claimKey, storeResponse } from './idempotency.ts';
import { toAppError } from './problem.ts';
import { type BodyOf, renderReply, type Reply } from './reply.ts';

export type WriteContract = EndpointContract & { readonly audit: string };

const recorded: unique symbol = Symbol('recorded');

/** Proof that an answer went through `audited`: a handler of a write cannot return anything else. */
export interface Audited<E extends EndpointContract> {
  readonly [recorded]: E;
  readonly reply: Reply;
  /** The answer is that of an earlier request with the same key. */
  readonly replayed: boolean;
}

export interface Work<State, Result, Body> {
  readonly reason?: string;
  /** Reads what the action is about: first thing, where it may lock, and again after the change. */
  read(tx: Tx): Promise<State>;
  run(tx: Tx, before: State): Promise<Result>;
  /** What the audit entry keeps, as plain data. */
  keep(done: Done<State, Result>): { readonly before: unknown; readonly after: unknown };
  respond(done: Done<State, Result>, sequence: number): Body;
}

export interface Done<State, Result> {
  readonly before: State;
  readonly after: State;
  readonly result: Result;
}

export interface Recorder {
  audited<E extends WriteContract, State, Result>(
    context: RequestContext<E>,
    action: E['audit'],
    target: Target,
    work: Work<State, Result, BodyOf<E>>,
  ): Promise<Audited<E>>;
  /** Records what did not happen; never throws, since the reason it did not is what gets answered. */
  record(context: RequestContext, entry: Entry): Promise<void>;
}

/** @param duration seconds from the start of an action to its commit, by `action` */
export function createRecorder(database: Database, duration: Histogram): Recorder {
  const record: Recorder['record'] = async (context, entry) => {
    try {
      await database.transaction().execute((tx) => appendEntry(tx, context, entry));
    } catch (err) {
      context.log.error({ err, action: entry.action, outcome: entry.outcome }, 'an outcome could not be recorded in the audit log');
    }
  };

  return {
    record,
    async audited(context, action, target, work) {
      const { contract, actor, idempotency, log } = context;
      const endpoint = `${contract.method} ${contract.path}`;
      const startedAt = performance.now();
      let running = false;
      try {
        const { reply, replayed } = await database.transaction().execute(async (tx): Promise<{ reply: Reply; replayed: boolean }> => {
          const claimed = idempotency === null ? null : await claimKey(tx, actor.subject, endpoint, idempotency);
          if (claimed?.state === 'answered') {
            return { reply: { kind: 'json', text: claimed.response }, replayed: true };
          }
          running = true;
          const before = await work.read(tx);
          const result = await work.run(tx, before);
          const done = { before, result, after: await work.read(tx) };
          await checkPermission(tx, context);
          const entry: Entry = { action, outcome: 'success', target, reason: work.reason ?? null, ...work.keep(done) };
          await mirrorEntry(tx, context, entry);
          const sequence = await appendEntry(tx, context, entry);
          const rendered = renderReply(contract, work.respond(done, sequence), log);
          if (idempotency !== null) {
            await storeResponse(tx, actor.subject, endpoint, idempotency, rendered.kind === 'json' ? rendered.text : null);
          }
          return { reply: rendered, replayed: false };
        });
        if (!replayed) {
          duration.record((performance.now() - startedAt) / 1_000, { action });
        }
        return { [recorded]: contract, reply, replayed };
      } catch (error) {
        if (running && !isDisconnected(error)) {
          const { status, code } = toAppError(error);
          const outcome = status === 403 ? 'denied' : 'failed';
          await record(context, { action, outcome, target, reason: work.reason ?? null, before: null, after: { error: code } });
        }
        throw error;
      }
    },
  };
}
