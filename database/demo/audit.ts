// The audit log of what the other parts tell: every change of a flag, a coupon, a campaign or a funnel and every session
// of impersonation, each at its own time, in one chain. The worker relays it like any other.
import { sql } from 'kysely';
import { ADMIN_IDS, DEMO_ADMINS } from './admins.ts';
import type { Past, Tx } from './past.ts';

interface Told {
  readonly at: Date;
  readonly actor_id: string | null;
  readonly actor_subject: string;
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly reason: string | null;
  readonly before: string | null;
  readonly after: string | null;
  /** A session's mark spans it. */
  readonly mark_ends_at: Date | null;
}

export const audit: Past = {
  name: 'audit',
  isThere: async (tx) => (await sql`SELECT FROM admin_center.audit_log LIMIT 1`.execute(tx)).rows.length > 0,
  async write(tx) {
    for (const entry of [...(await sessionsTold(tx)), ...(await versionsTold(tx)), ...(await promotionsTold(tx))].toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
      await append(tx, entry);
    }
  },
};

async function sessionsTold(tx: Tx): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    SELECT told.*, s.admin_id AS actor_id, s.admin_subject AS actor_subject, 'user' AS target_type, s.user_id::text AS target_id
    FROM admin_center.impersonation_session s
    CROSS JOIN LATERAL (SELECT json_build_object('session', s.id, 'scope', s.scope, 'minutes', s.minutes, 'reasonClass', s.reason_class, 'ticket', s.ticket)::text AS asked,
      json_build_object('session', s.id, 'state', 'active', 'scope', s.scope, 'startedAt', s.started_at, 'endsAt', s.ends_at)::text AS started,
      json_build_object('session', s.id, 'state', s.state, 'endedAt', s.ended_at, 'endCause', s.end_cause)::text AS ended) state
    CROSS JOIN LATERAL (VALUES
      (s.requested_at, 'impersonation.request', s.reason, NULL, state.asked, NULL),
      (s.started_at, 'impersonation.start', s.reason, NULL, state.started, s.ended_at),
      (CASE WHEN s.end_cause = 'ended_by_admin' THEN s.ended_at END, 'impersonation.end', 'Seen what there was to see.', coalesce(state.started, state.asked), state.ended, NULL)
    ) AS told (at, action, reason, before, after, mark_ends_at)
    WHERE told.at IS NOT NULL
    UNION ALL
    SELECT s.ended_at, 'impersonation.finish', NULL, NULL, json_build_object('session', s.id, 'state', s.state, 'endedAt', s.ended_at, 'endCause', s.end_cause)::text, NULL,
      NULL, 'system:impersonation', 'user', s.user_id::text
    FROM admin_center.impersonation_session s WHERE s.end_cause <> 'ended_by_admin'
  `.execute(tx);
  return rows;
}

async function versionsTold(tx: Tx): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    SELECT at, actor_id, actor_subject, 'flags.' || CASE WHEN actor_subject LIKE 'system:%' THEN 'planned' ELSE change END AS action, 'flag' AS target_type, flag AS target_id, reason,
      lag(kept) OVER (PARTITION BY flag ORDER BY version) AS before, kept AS after, NULL::timestamptz AS mark_ends_at
    FROM (SELECT *, json_build_object('version', version, 'state', state, 'experiment', experiment_state, 'definition', definition)::text AS kept FROM admin_center.flag_version) v
    UNION ALL
    SELECT v.at, v.actor_id, v.actor_subject, 'conversion.funnel_create', 'funnel', f.key, v.reason, NULL, json_build_object('version', v.version, 'state', v.state, 'definition', v.definition)::text, NULL
    FROM admin_center.funnel_version v JOIN admin_center.funnel f USING (funnel_id)
  `.execute(tx);
  return rows;
}

/** Fin makes them; Ada kills the one whose code got around. */
async function promotionsTold(tx: Tx): Promise<readonly Told[]> {
  const { fin, ada } = ADMIN_IDS;
  const { rows } = await sql<Told>`
    SELECT at, ${fin}::uuid AS actor_id, 'user:demo-fin' AS actor_subject, action, 'coupon' AS target_type, coupon_id::text AS target_id, reason, before, after, NULL::timestamptz AS mark_ends_at
    FROM admin_center.coupon
    CROSS JOIN LATERAL (VALUES
      (created_at, 'promotions.coupon_create', 'Agreed on in the pricing round.', NULL, 'draft'),
      (CASE WHEN status <> 'draft' THEN created_at + interval '2 hours' END, 'promotions.coupon_activate', 'Checked by a second pair of eyes.', 'draft', 'active')
    ) AS told (at, action, reason, was, is_now)
    CROSS JOIN LATERAL (SELECT CASE WHEN was IS NOT NULL THEN json_build_object('name', name, 'state', was)::text END AS before, json_build_object('name', name, 'state', is_now)::text AS after) kept
    WHERE at IS NOT NULL
    UNION ALL
    SELECT at, CASE WHEN action = 'promotions.campaign_kill' THEN ${ada}::uuid ELSE ${fin}::uuid END, CASE WHEN action = 'promotions.campaign_kill' THEN 'user:demo-ada' ELSE 'user:demo-fin' END,
      action, 'campaign', campaign_id::text, reason, before, after, NULL
    FROM admin_center.campaign
    CROSS JOIN LATERAL (VALUES
      (created_at, 'promotions.campaign_create', 'As planned with marketing.', NULL, 'draft'),
      (created_at + interval '1 day', 'promotions.campaign_activate', 'Budget is signed off.', 'draft', 'scheduled'),
      (CASE WHEN status = 'killed' THEN updated_at END, 'promotions.campaign_kill', 'The code stands on a coupon site.', 'running', 'killed')
    ) AS told (at, action, reason, was, is_now)
    CROSS JOIN LATERAL (SELECT CASE WHEN was IS NOT NULL THEN json_build_object('key', key, 'state', was)::text END AS before, json_build_object('key', key, 'state', is_now)::text AS after) kept
    WHERE at IS NOT NULL
    UNION ALL
    SELECT created_at, ${fin}, 'user:demo-fin', 'promotions.batch_create', 'code-batch', batch_id::text, 'One for each guest.', NULL, json_build_object('prefix', prefix, 'count', count)::text, NULL
    FROM admin_center.code_batch
  `.execute(tx);
  return rows;
}

/** As admin_center.audit_append does, but at a time of the past. */
async function append(tx: Tx, { actor_id, actor_subject, mark_ends_at, ...told }: Told): Promise<void> {
  const admin = DEMO_ADMINS.find(({ login }) => ADMIN_IDS[login] === actor_id);
  await sql`
    WITH head AS (
      SELECT sequence + 1 AS sequence, hash FROM admin_center.audit_checkpoint FOR UPDATE
    ),
    detail AS (
      INSERT INTO admin_center.audit_detail (sequence, salt, actor_email, reason, before, after)
      SELECT sequence, sha256(convert_to(${`${told.action} ${told.target_id}`} || sequence, 'UTF8')), ${admin?.email ?? null}, ${told.reason}, ${told.before}::json, ${told.after}::json FROM head
      RETURNING *
    ),
    entry AS (
      SELECT ROW(head.sequence, ${told.at}::timestamptz, ${actor_id}::uuid, ${actor_subject}::text, ${admin?.role ?? 'system'}::text, ${told.action}::text, 'success'::text, ${told.target_type}::text, ${told.target_id}::text, NULL::text,
        admin_center.audit_digest(detail::admin_center.audit_detail), head.hash, NULL::bytea)::admin_center.audit_log AS e
      FROM head JOIN detail USING (sequence)
    ),
    written AS (
      INSERT INTO admin_center.audit_log
      SELECT (e).sequence, (e).at, (e).actor_id, (e).actor_subject, (e).actor_role, (e).action, (e).outcome, (e).target_type, (e).target_id, (e).request_id, (e).detail_digest, (e).previous_hash, admin_center.audit_hash(e) FROM entry
      RETURNING *
    ),
    to_relay AS (
      INSERT INTO admin_center.outbox (audit_sequence, mark_ends_at) SELECT sequence, ${mark_ends_at}::timestamptz FROM written
    )
    UPDATE admin_center.audit_checkpoint c SET sequence = written.sequence, hash = written.hash, at = written.at FROM written
  `.execute(tx);
}
