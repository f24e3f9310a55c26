// The only way to write: one transaction holds the change, what was before and after, the audit entry with its outbox
// row, and the answer kept for a retry. What was denied or failed is recorded too, in a transaction of its own.
import type { AUDIT_ACTIONS } from '@admin-center/contracts/audit';
import type { EndpointContract } from '@admin-center/contracts/capability';
import type { Histogram } from '@opentelemetry/api';
import type { Logger } from '@admin-center/platform/log';
import { appendEntry, type Entry, mirrorEntry, type Origin, type Target } from './audit-entry.ts';
import { checkPermission } from './auth/admins.ts';
import type { RequestContext } from './context.ts';
import type { Database, Tx } from './database.ts';
import { isDisconnected } from './database-errors.ts';
import { claimKey, storeResponse } from './idempotency.ts';
import { toAppError } from './problem.ts';
import { type BodyOf, renderReply, type Reply } from './reply.ts';
import { systemActor } from './system-actor.ts';

export type AuditAction = (typeof AUDIT_ACTIONS)[number];
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

/** What the product does by itself: a job, or a program of the host that has a project key. */
export interface SystemWork<State, Result> extends Pick<Work<State, Result, never>, 'reason' | 'read' | 'run' | 'keep'> {
  /** Which part acts; see system-actor.ts. */
  readonly by: string;
  readonly action: AuditAction;
  readonly target: Target;
  readonly log: Logger;
  /** Of the request that set it off; a job has none. */
  readonly requestId?: string;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
}

export interface SystemDone<State, Result> extends Done<State, Result> {
  readonly sequence: number;
}

export interface Recorder {
  audited<E extends WriteContract, State, Result>(
    context: RequestContext<E>,
    action: E['audit'],
    target: Target,
    work: Work<State, Result, BodyOf<E>>,
  ): Promise<Audited<E>>;
  /** The same for what no admin does: one transaction, one audit entry, and an entry of its own when it fails. */
  auditedBySystem<State, Result>(work: SystemWork<State, Result>): Promise<SystemDone<State, Result>>;
  /** Records what did not happen; never throws, since the reason it did not is what gets answered. */
  record(context: Origin & { readonly log: Logger }, entry: Entry): Promise<void>;
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

  /** Of a connection that broke it is not known whether the change was committed, so nothing is said about it. */
  const recordFailure = async (origin: Origin & { readonly log: Logger }, entry: Pick<Entry, 'action' | 'target' | 'reason'>, error: unknown): Promise<void> => {
    if (isDisconnected(error)) {
      return;
    }
    const { status, code } = toAppError(error);
    await record(origin, { ...entry, outcome: status === 403 ? 'denied' : 'failed', before: null, after: { error: code } });
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
            await storeResponse(tx, actor.subject, endpoint, idempotency, rendered.kind === 'json' && contract.answeredOnce !== true ? rendered.text : null);
          }
          return { reply: rendered, replayed: false };
        });
        if (!replayed) {
          duration.record((performance.now() - startedAt) / 1_000, { action });
        }
        return { [recorded]: contract, reply, replayed };
      } catch (error) {
        if (running) {
          await recordFailure(context, { action, target, reason: work.reason ?? null }, error);
        }
        throw error;
      }
    },

    async auditedBySystem({ by, action, target, log, requestId = null, ip = null, userAgent = null, ...work }) {
      const origin = { actor: systemActor(by), requestId, ip, userAgent, log };
      const startedAt = performance.now();
      const reason = work.reason ?? null;
      try {
        const done = await database.transaction().execute(async (tx) => {
          const before = await work.read(tx);
          const result = await work.run(tx, before);
          const changed = { before, result, after: await work.read(tx) };
          return { ...changed, sequence: await appendEntry(tx, origin, { action, outcome: 'success', target, reason, ...work.keep(changed) }) };
        });
        duration.record((performance.now() - startedAt) / 1_000, { action });
        return done;
      } catch (error) {
        await recordFailure(origin, { action, target, reason }, error);
        throw error;
      }
    },
  };
}
