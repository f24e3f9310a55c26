// Turns audit entries into their metric and their mark, exactly once: the row is locked, counted, marked and done in one
// transaction, so a relay that is killed has either done all of it or none.
import { UNMARKED_ACTIONS } from '@admin-center/contracts/audit';
import { sql } from 'kysely';
import type { Database, Tx } from '../database.ts';

const BATCH = 100;
const MARKED = sql`l.outcome = 'success' AND l.action <> ALL (${UNMARKED_ACTIONS}::text[])`;

interface PendingRow {
  readonly id: number;
  readonly audit_sequence: number;
  readonly action: string;
  readonly outcome: string;
  readonly actor_role: string;
  readonly hash: string;
}

export interface Relayed {
  readonly count: number;
  /** The newest entry among them, for the witness. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
}

/** @param annotate whether a Grafana is configured that wants the marks too */
export function relayBatch(database: Database, annotate: boolean): Promise<Relayed> {
  return database.transaction().execute(async (tx) => {
    const rows = await takePending(tx);
    const head = rows.at(-1);
    if (head === undefined) {
      return { count: 0, head: null };
    }
    await count(tx, rows);
    const ids = rows.map((row) => row.id);
    await mark(tx, ids);
    await sql`
      UPDATE admin_center.outbox o
      SET relayed_at = clock_timestamp(), annotation_due = CASE WHEN ${annotate}::boolean AND ${MARKED} THEN clock_timestamp() END
      FROM admin_center.audit_log l
      WHERE l.sequence = o.audit_sequence AND o.id = ANY (${ids}::bigint[])
    `.execute(tx);
    return { count: rows.length, head: { sequence: head.audit_sequence, hash: head.hash } };
  });
}

/** Rows that another relay works on are skipped, not waited for. */
async function takePending(tx: Tx): Promise<readonly PendingRow[]> {
  const { rows } = await sql<PendingRow>`
    SELECT o.id, o.audit_sequence, l.action, l.outcome, l.actor_role, encode(l.hash, 'hex') AS hash
    FROM admin_center.outbox o JOIN admin_center.audit_log l ON l.sequence = o.audit_sequence
    WHERE o.relayed_at IS NULL
    ORDER BY o.id
    LIMIT ${BATCH}
    FOR UPDATE OF o SKIP LOCKED
  `.execute(tx);
  return rows;
}

/** Always in the same order of labels, so that two relays that add to the same counters do not lock each other out. */
async function count(tx: Tx, rows: readonly PendingRow[]): Promise<void> {
  const totals = new Map<string, number>();
  for (const { action, outcome, actor_role } of rows) {
    const labels = JSON.stringify({ action, outcome, actor_role });
    totals.set(labels, (totals.get(labels) ?? 0) + 1);
  }
  for (const [labels, by] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await sql`SELECT admin_center.tally_add('admincenter_actions_total', ${labels}::jsonb, ${by}::bigint)`.execute(tx);
  }
}

/** What succeeded changed something, and what admins do is what graphs are laid beside. The text names no person: marks and annotations outlive an erasure. */
async function mark(tx: Tx, ids: readonly number[]): Promise<void> {
  await sql`
    INSERT INTO admin_center.mark (at, ended_at, title, text, tags, audit_sequence)
    SELECT l.at, o.mark_ends_at, l.action, format('By a %s, on %s %s. Audit entry %s.', l.actor_role, l.target_type, l.target_id, l.sequence),
      ARRAY['admin', l.action, 'outbox:' || o.id], l.sequence
    FROM admin_center.outbox o JOIN admin_center.audit_log l ON l.sequence = o.audit_sequence
    WHERE o.id = ANY (${ids}::bigint[]) AND ${MARKED}
    ORDER BY o.id
  `.execute(tx);
}
