// Appends to the audit log, through the one function that may.
import { sql } from 'kysely';
import type { Actor } from './context.ts';
import type { Tx } from './database.ts';

export interface Target {
  /** `user`, `audit-entry`, `endpoint`, … */
  readonly type: string;
  readonly id: string;
}

export interface Entry {
  readonly action: string;
  readonly outcome: 'success' | 'denied' | 'failed';
  readonly target: Target;
  readonly reason: string | null;
  /** Plain data; null where there is nothing to say. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Who did it and from where. */
export interface Origin {
  readonly actor: Actor;
  /** Null for what a job does. */
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

const asJson = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));

/** Holds the head of the chain until the transaction ends, so it comes last. @returns the entry's sequence number */
export async function appendEntry(tx: Tx, origin: Origin, entry: Entry): Promise<number> {
  const { actor } = origin;
  const { rows } = await sql<{ sequence: number }>`
    SELECT admin_center.audit_append(
      ${actor.userId}, ${actor.subject}, ${actor.email === '' ? null : actor.email}, ${actor.role},
      ${entry.action}, ${entry.outcome}, ${entry.target.type}, ${entry.target.id}, ${entry.reason},
      ${asJson(entry.before)}, ${asJson(entry.after)}, ${origin.ip}, ${origin.userAgent}, ${origin.requestId}
    ) AS sequence
  `.execute(tx);
  return (rows[0] as { sequence: number }).sequence;
}

/** A line in the host's own audit table, for whoever reads that one; none when the actor has no account there. */
export async function mirrorEntry(tx: Tx, origin: Origin, entry: Entry): Promise<void> {
  const { actor } = origin;
  await sql`
    SELECT admin_center.mirror_audit(
      ${actor.userId}, ${actor.role}, ${entry.action}, ${entry.target.type}, ${entry.target.id},
      ${entry.target.type === 'user' ? entry.target.id : null}, ${JSON.stringify({ reason: entry.reason })}::jsonb, ${origin.ip}, ${origin.userAgent}
    )
  `.execute(tx);
}
