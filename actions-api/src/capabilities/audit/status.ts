// The state of the chain between verifications: broken stays broken until a person acknowledges it.
import type { ChainStatus } from '@admin-center/contracts/audit';
import { sql } from 'kysely';
import type { Database, Queryable, Tx } from '../../platform/database.ts';
import { conflict } from '../../platform/errors.ts';
import { type Verification, verifyChain } from './verifier.ts';
import type { Problem } from './walk.ts';
import type { Witness } from './witness.ts';

interface StatusRow {
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  readonly checked: number;
  readonly verified_at: Date | null;
  readonly head_sequence: number;
  readonly head_hash: string;
}

export async function readStatus(database: Queryable): Promise<ChainStatus> {
  const row = await readRow(database, sql``);
  return {
    valid: row.problems.length === 0,
    acknowledged: row.valid,
    headSequence: row.head_sequence,
    headHash: row.head_sequence === 0 ? null : row.head_hash,
    checked: row.checked,
    verifiedAt: row.verified_at?.toISOString() ?? null,
    problems: row.problems.map(({ sequence, kind, detail }) => ({ sequence, kind, detail })),
  };
}

async function readRow(tx: Queryable, lock: ReturnType<typeof sql>): Promise<StatusRow> {
  const { rows } = await sql<StatusRow>`
    SELECT s.valid, s.problems, s.checked, s.verified_at, c.sequence AS head_sequence, encode(c.hash, 'hex') AS head_hash
    FROM admin_center.audit_chain_status s CROSS JOIN admin_center.audit_checkpoint c
    ${lock}
  `.execute(tx);
  return rows[0] as StatusRow;
}

/** Keeps what a verification found. Problems that were acknowledged do not break the chain again; they stay listed. */
export async function recordVerification(tx: Tx, witness: Witness, verification: Verification): Promise<void> {
  const before = await readRow(tx, sql`FOR UPDATE OF s`);
  const { acknowledged } = await witness.read();
  const isNew = (problem: Problem): boolean => !acknowledged.has(problem.fingerprint);
  const found = new Set(verification.problems.map((problem) => problem.fingerprint));
  const unsettled = before.problems.filter((problem) => isNew(problem) && !found.has(problem.fingerprint));
  const problems = [...verification.problems, ...unsettled];
  await sql`
    UPDATE admin_center.audit_chain_status
    SET valid = ${!problems.some(isNew)}, problems = ${JSON.stringify(problems)}::jsonb, checked = ${verification.checked},
      verified_at = clock_timestamp(), duration_ms = ${verification.durationMs}
  `.execute(tx);
}

/** What the worker does every five minutes. */
export async function verifyAndRecord(database: Database, witness: Witness): Promise<Verification> {
  const verification = await verifyChain(database, await witness.read());
  await database.transaction().execute((tx) => recordVerification(tx, witness, verification));
  if (verification.problems.length === 0 && verification.head.sequence > 0) {
    await witness.note(verification.head.sequence, verification.head.hash);
  }
  return verification;
}

/** A person has looked into the problems there are. @throws AppError 409 when none waits for that */
export async function acknowledge(tx: Tx, witness: Witness): Promise<void> {
  const { valid, problems } = await readRow(tx, sql`FOR UPDATE OF s`);
  if (valid) {
    throw conflict('nothing_to_acknowledge', 'The chain is not broken, so there is nothing to acknowledge.');
  }
  await witness.acknowledge(problems.map((problem) => problem.fingerprint));
  await sql`UPDATE admin_center.audit_chain_status SET valid = true`.execute(tx);
}
