// Reads the whole chain and says what does not fit (M7). Always all of it: a verification that starts where the last one
// ended would never see an edit further back.
import { sql } from 'kysely';
import { type Database, readSnapshot, type Tx } from '../../platform/database.ts';
import { GENESIS } from './chain.ts';
import { createWalk, type Problem, type WalkRow } from './walk.ts';
import type { Testimony } from './witness.ts';

const BATCH = 2_000;
const BATCH_TIMEOUT_MS = 30_000;

export interface Verification {
  readonly checked: number;
  readonly head: { readonly sequence: number; readonly hash: string };
  readonly problems: readonly Problem[];
  readonly durationMs: number;
}

export function verifyChain(database: Database, testimony: Testimony): Promise<Verification> {
  const startedAt = performance.now();
  return readSnapshot(database, BATCH_TIMEOUT_MS, async (tx) => {
    const checkpoint = await readCheckpoint(tx);
    const walk = createWalk(testimony, (hash) => findEntry(tx, hash));
    // From below zero: an entry somebody put before the first one is found as well.
    for (let rows = await readBatch(tx, Number.MIN_SAFE_INTEGER); rows.length > 0; ) {
      for (const row of rows) {
        await walk.step(row);
      }
      rows = await readBatch(tx, (rows.at(-1) as WalkRow).sequence);
    }
    walk.end(checkpoint);
    return { checked: walk.checked, head: walk.last, problems: walk.problems, durationMs: Math.round(performance.now() - startedAt) };
  });
}

async function readBatch(tx: Tx, after: number): Promise<readonly WalkRow[]> {
  const { rows } = await sql<WalkRow>`
    SELECT l.sequence, trunc(extract(epoch FROM l.at) * 1000000)::bigint::text AS at_micros,
      l.actor_id::text, l.actor_subject, l.actor_role, l.action, l.outcome, l.target_type, l.target_id, l.request_id,
      encode(l.detail_digest, 'hex') AS detail_digest, encode(l.previous_hash, 'hex') AS previous_hash, encode(l.hash, 'hex') AS hash,
      d.sequence IS NOT NULL AS has_detail, d.erased_at IS NOT NULL AS erased,
      encode(d.salt, 'hex') AS salt, d.actor_email, d.reason, d.before::text, d.after::text, host(d.ip) AS ip, d.user_agent
    FROM admin_center.audit_log l LEFT JOIN admin_center.audit_detail d USING (sequence)
    WHERE l.sequence > ${after}
    ORDER BY l.sequence
    LIMIT ${BATCH}
  `.execute(tx);
  return rows;
}

async function readCheckpoint(tx: Tx): Promise<{ sequence: number; hash: string }> {
  const { rows } = await sql<{ sequence: number; hash: string }>`
    SELECT sequence, encode(hash, 'hex') AS hash FROM admin_center.audit_checkpoint
  `.execute(tx);
  return rows[0] ?? { sequence: 0, hash: GENESIS };
}

/** Only asked about a link that is broken, so it needs no index. */
async function findEntry(tx: Tx, hash: string): Promise<number | null> {
  const { rows } = await sql<{ sequence: number }>`
    SELECT sequence FROM admin_center.audit_log WHERE hash = decode(${hash}, 'hex') LIMIT 1
  `.execute(tx);
  return rows[0]?.sequence ?? null;
}
