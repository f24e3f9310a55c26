// The history of a flag: every version with what it changed, who did it and why.
import type { FlagVersion } from '@admin-center/contracts/flags';
import type { flagActor } from '@admin-center/contracts/flags-plan';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { type Diff, diff } from './diff.ts';
import { readFlag } from './store.ts';

interface VersionRow {
  readonly version: number;
  readonly at: Date;
  readonly change: FlagVersion['change'];
  readonly state: FlagVersion['state'];
  readonly definition: unknown;
  readonly experiment_state: string | null;
  readonly reverted_to: number | null;
  readonly actor_subject: string;
  readonly email: string | null;
  readonly reason: string | null;
  readonly audit_sequence: number | null;
}

const cursor = (key: string) => cursorOf(`flag-history:${key}`, z.number().int());
const GONE = 'erased';

/** A person is shown by their present address, which goes with the account. */
export const actorOf = (subject: string, email: string | null): z.output<typeof flagActor> =>
  subject.startsWith('system:') ? { name: subject, kind: 'system' } : { name: email ?? GONE, kind: 'admin' };

/** @throws AppError 404 */
export async function readHistory(database: Queryable, key: string, page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: FlagVersion[]; nextCursor: string | null }> {
  await readFlag(database, key);
  const before = page.cursor === undefined ? null : cursor(key).decode(page.cursor);
  // Two more than are shown: one tells whether there is a next page, one is what the last is compared with.
  const rows = await readVersions(database, key, before, page.limit + 2);
  const cut = pageOf(rows.slice(0, page.limit + 1), page.limit, (last) => cursor(key).encode(last.version));
  return { ...cut, items: cut.items.map((row, index) => versionOf(row, rows[index + 1])) };
}

async function readVersions(database: Queryable, key: string, before: number | null, limit: number): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    SELECT v.version, v.at, v.change, v.state, v.definition, v.experiment_state, v.reverted_to, v.actor_subject, a.email, v.reason, entry.sequence AS audit_sequence
    FROM admin_center.flag_version v
    LEFT JOIN admin_center.account a ON a.user_id = v.actor_id
    LEFT JOIN LATERAL (
      SELECT l.sequence FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
      WHERE l.target_type = 'flag' AND l.target_id = v.flag AND l.outcome = 'success' AND (d.after ->> 'version')::integer = v.version AND (d.before ->> 'version')::integer IS DISTINCT FROM v.version
      ORDER BY l.sequence LIMIT 1
    ) entry ON true
    WHERE v.flag = ${key} AND (${before}::integer IS NULL OR v.version < ${before})
    ORDER BY v.version DESC LIMIT ${limit}
  `.execute(database);
  return rows;
}

function versionOf(row: VersionRow, previous: VersionRow | undefined): FlagVersion {
  return {
    version: row.version, at: row.at.toISOString(), by: actorOf(row.actor_subject, row.email), change: row.change, reason: row.reason ?? GONE,
    state: row.state, definition: flagDefinition.parse(row.definition), diff: diff(contentOf(previous), contentOf(row)), revertedTo: row.reverted_to, auditSequence: row.audit_sequence,
  };
}

const contentOf = (row: VersionRow | undefined) =>
  row === undefined ? null : { state: row.state, experiment: row.experiment_state, definition: flagDefinition.parse(row.definition) };

/** What has changed since a version; empty for one that never was. */
export async function diffSince(database: Queryable, key: string, version: number): Promise<Diff> {
  const [newest] = await readVersions(database, key, null, 1);
  const [then] = await readVersions(database, key, version + 1, 1);
  return newest === undefined || then?.version !== version ? [] : diff(contentOf(then), contentOf(newest));
}
