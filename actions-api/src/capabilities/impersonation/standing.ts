// Whether a session that is open may stay so (S3). Asked of the host's own tables each time, through the adapter's views:
// what an admin or the host changed there counts at once, whoever changed it.
import { type END_CAUSES, impersonation } from '@admin-center/contracts/impersonation';
import { type RawBuilder, sql } from 'kysely';
import { consentInForce } from './consent.ts';

/** An array of the sessions that a user has now. */
export const liveSessionsOf = (user: RawBuilder<unknown>): RawBuilder<unknown> => sql`ARRAY(SELECT x.session_id FROM admin_center.session x WHERE x.user_id = ${user} AND x.live)`;

export type EndCause = (typeof END_CAUSES)[number];

const ROLES_THAT_MAY = impersonation.permissions['impersonation:write'].roles;

/**
 * Signed out everywhere: of the sessions that were live at the start (of the request, then of the session) none is left that
 * was not revoked. Whoever signed in since is signed out everywhere when one of their sessions was revoked and none is left
 * that had not run out before that one was there. A host that revokes only what is live leaves those others as they are.
 */
const signedOut = (user: RawBuilder<unknown>, ids: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (cardinality(${ids}) > 0 AND NOT EXISTS (SELECT FROM admin_center.session x WHERE x.session_id = ANY (${ids}) AND NOT x.revoked))
  OR EXISTS (
    SELECT FROM (
      SELECT max(x.created_at) FILTER (WHERE x.revoked) AS revoked, max(greatest(x.expires_at, start.at)) FILTER (WHERE NOT x.revoked) AS lasting
      FROM (SELECT coalesce(s.started_at, s.requested_at) AS at) start
      JOIN admin_center.session x ON x.user_id = ${user} AND (x.session_id = ANY (${ids}) OR x.created_at >= start.at)
    ) known
    WHERE known.revoked IS NOT NULL AND (known.lasting IS NULL OR known.lasting <= known.revoked)
  )
`;

/** An expression over `impersonation_session s`: why the session has to end, null while it may go on. */
export const causeToEnd = sql<EndCause | null>`CASE
  WHEN NOT EXISTS (SELECT FROM admin_center.admin a WHERE a.user_id = s.admin_id AND a.role = ANY (${ROLES_THAT_MAY}::text[])) THEN 'admin_role_revoked'
  WHEN coalesce((SELECT a.state FROM admin_center.account a WHERE a.user_id = s.user_id), 'deleted') = 'deleted' THEN 'user_deleted'
  WHEN (SELECT a.state FROM admin_center.account a WHERE a.user_id = s.user_id) = 'suspended' THEN 'user_suspended'
  WHEN EXISTS (SELECT FROM admin_center.admin_grant g WHERE g.user_id = s.user_id) THEN 'user_became_admin'
  WHEN EXISTS (SELECT FROM admin_center.impersonation_session o WHERE o.user_id = s.admin_id AND o.state = 'active') THEN 'admin_impersonated'
  WHEN ${signedOut(sql`s.admin_id`, sql`s.admin_sessions`)} THEN 'admin_signed_out'
  WHEN ${signedOut(sql`s.user_id`, sql`s.user_sessions`)} THEN 'user_signed_out'
  WHEN s.consent_id IS NOT NULL AND ${consentInForce(sql`s.user_id`)} IS NULL THEN 'consent_over'
  WHEN s.state = 'requested' AND s.code_expires_at <= clock_timestamp() THEN 'code_unused'
  WHEN s.state = 'active' AND s.ends_at <= clock_timestamp() THEN 'time_over'
END`;

/** How a session is over that ended for this cause. */
export function outcomeOf(cause: EndCause): 'ended' | 'expired' | 'revoked' {
  switch (cause) {
    case 'ended_by_admin':
    case 'ended_at_host':
    case 'superseded':
      return 'ended';
    case 'time_over':
    case 'code_unused':
      return 'expired';
    default:
      return 'revoked';
  }
}
