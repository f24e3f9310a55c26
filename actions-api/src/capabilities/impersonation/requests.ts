// Keeps what hosts report about impersonated requests: each in the sessions' own log, and blocked ones also in the audit
// log, one entry for each class and report, so that a script which knocks on doors does not flood the chain.
import { ROLES } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import { appendEntry } from '../../platform/audit-entry.ts';
import type { Actor } from '../../platform/context.ts';
import type { Tx } from '../../platform/database.ts';
import { knownClass } from './rules.ts';

export interface ReportedRequest {
  readonly sessionId: string;
  readonly at: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly actionClass: string | null;
  readonly blocked: boolean;
}

interface Known {
  readonly id: string;
  readonly admin_id: string;
  readonly admin_subject: string;
  readonly admin_email: string;
  readonly admin_role: string;
  readonly user_id: string;
}

/** Call it last in the transaction: it may hold the head of the audit chain. @returns how many belonged to a session there is */
export async function recordRequests(tx: Tx, keyId: string, rows: readonly ReportedRequest[]): Promise<number> {
  if (rows.length === 0) {
    return 0;
  }
  const asked = rows.map((row) => ({ ...row, actionClass: row.blocked ? (knownClass(row.actionClass) ?? 'change') : knownClass(row.actionClass) }));
  const { numAffectedRows } = await sql`
    INSERT INTO admin_center.impersonation_request (session_id, admin_id, user_id, key_id, at, method, route, status, action_class, blocked)
    SELECT s.id, s.admin_id, s.user_id, ${keyId}, r.at, r.method, r.route, r.status, r."actionClass", r.blocked
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(asked)}::json) AS (
      "sessionId" uuid, at timestamptz, method text, route text, status integer, "actionClass" text, blocked boolean
    )) WITH ORDINALITY AS r ("sessionId", at, method, route, status, "actionClass", blocked, position)
    JOIN admin_center.impersonation_session s ON s.id = r."sessionId"
    ORDER BY r.position
  `.execute(tx);
  await recordBlocked(tx, asked.filter(({ blocked }) => blocked));
  return Number(numAffectedRows ?? 0n);
}

/** In the same order everywhere, so that two reports that count the same classes do not lock each other out. */
async function recordBlocked(tx: Tx, blocked: readonly ReportedRequest[]): Promise<void> {
  const sessions = await readKnown(tx, [...new Set(blocked.map(({ sessionId }) => sessionId))]);
  const tried = blocked.filter(({ sessionId }) => sessions.has(sessionId));
  for (const [actionClass, ofClass] of byKey(tried, (row) => String(row.actionClass))) {
    await sql`SELECT admin_center.tally_add('admincenter_impersonation_blocked_actions_total', ${JSON.stringify({ action_class: actionClass })}::jsonb, ${ofClass.length}::bigint)`.execute(tx);
  }
  for (const [key, group] of byKey(tried, ({ sessionId, actionClass }) => JSON.stringify([sessionId, actionClass]))) {
    const [sessionId, actionClass] = JSON.parse(key) as [string, string];
    const session = sessions.get(sessionId) as Known;
    await appendEntry(tx, { actor: adminOf(session), requestId: null, ip: null, userAgent: null }, {
      action: 'impersonation.block',
      outcome: 'denied',
      target: { type: 'user', id: session.user_id },
      reason: null,
      before: null,
      after: { session: sessionId, actionClass, times: group.length, first: `${group[0]?.method} ${group[0]?.route}`, at: group[0]?.at },
    });
  }
}

function byKey(rows: readonly ReportedRequest[], keyOf: (row: ReportedRequest) => string): [string, ReportedRequest[]][] {
  const groups = new Map<string, ReportedRequest[]>();
  for (const row of rows) {
    groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function readKnown(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Known>> {
  const { rows } = await sql<Known>`
    SELECT id, admin_id, admin_subject, admin_email, admin_role, user_id FROM admin_center.impersonation_session WHERE id = ANY (${ids}::uuid[])
  `.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The admin behind a session, as they were when they asked for it. */
const adminOf = ({ admin_id, admin_subject, admin_email, admin_role }: Known): Actor => ({
  subject: admin_subject,
  email: admin_email,
  name: null,
  userId: admin_id,
  roles: [],
  role: ROLES.find((role) => role === admin_role) ?? 'none',
  permissions: new Set(),
});
