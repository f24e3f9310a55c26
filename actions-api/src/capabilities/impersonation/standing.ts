// Whether a session that is open may stay so (S3). Asked of the host's own tables each time, through the adapter's views:
// what an admin or the host changed there counts at once, whoever changed it.
import { type END_CAUSES, impersonation } from '@admin-center/contracts/impersonation';
import { type RawBuilder, sql } from 'kysely';
import { consentInForce } from './consent.ts';

export type EndCause = (typeof END_CAUSES)[number];

const ROLES_THAT_MAY = impersonation.permissions['impersonation:write'].roles;

/** Signed out everywhere: of the sessions that were live at the start none is left that was not revoked. */
const signedOut = (ids: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  cardinality(${ids}) > 0 AND NOT EXISTS (SELECT FROM admin_center.session x WHERE x.session_id = ANY (${ids}) AND NOT x.revoked)
`;

/** An expression over `impersonation_session s`: why the session has to end, null while it may go on. */
export const causeToEnd = sql<EndCause | null>`CASE
  WHEN NOT EXISTS (SELECT FROM admin_center.admin a WHERE a.user_id = s.admin_id AND a.role = ANY (${ROLES_THAT_MAY}::text[])) THEN 'admin_role_revoked'
  WHEN coalesce((SELECT a.state FROM admin_center.account a WHERE a.user_id = s.user_id), 'deleted') = 'deleted' THEN 'user_deleted'
  WHEN (SELECT a.state FROM admin_center.account a WHERE a.user_id = s.user_id) = 'suspended' THEN 'user_suspended'
  WHEN EXISTS (SELECT FROM admin_center.admin_grant g WHERE g.user_id = s.user_id) THEN 'user_became_admin'
  WHEN EXISTS (SELECT FROM admin_center.impersonation_session o WHERE o.user_id = s.admin_id AND o.state = 'active') THEN 'admin_impersonated'
  WHEN ${signedOut(sql`s.admin_sessions`)} THEN 'admin_signed_out'
  WHEN ${signedOut(sql`s.user_sessions`)} THEN 'user_signed_out'
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
