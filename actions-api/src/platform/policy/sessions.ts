// The part of the policy that ends sessions at the host: whoever is suspended, and each session that was there when its
// user was suspended, also after a reactivation.
import { sql } from 'kysely';
import type { PolicyPart } from './live-part.ts';
import type { SessionPolicy } from '@cloudtolocalllm/admin-center-sdk/policy';

/** For longer than this no host keeps a session that is not used. */
const SEEN_WITHIN = '30 days';
const MOST_USERS = 50_000;
const ENDED_WITHIN = '24 hours';

export const sessionsPolicy: PolicyPart<SessionPolicy> = {
  name: 'sessions',
  async read(database) {
    const { rows } = await sql<SessionPolicy>`
      WITH suspended AS (
        SELECT user_id FROM admin_center.user_directory
        WHERE state = 'suspended' AND coalesce(last_seen_at, created_at) > now() - ${SEEN_WITHIN}::interval
        ORDER BY coalesce(last_seen_at, created_at) DESC LIMIT ${MOST_USERS}
      ),
      suspension AS (
        SELECT target_id::uuid AS user_id, max(at) AS at FROM admin_center.audit_log
        WHERE action = 'users.suspend' AND outcome = 'success' AND at > now() - ${ENDED_WITHIN}::interval
        GROUP BY target_id
      ),
      ended AS (
        SELECT s.session_id FROM suspension p JOIN admin_center.session s USING (user_id)
        WHERE s.created_at <= p.at AND s.expires_at > now()
      )
      SELECT
        (SELECT coalesce(json_agg(user_id ORDER BY user_id), '[]') FROM suspended) AS "refusedUsers",
        (SELECT coalesce(json_agg(session_id ORDER BY session_id), '[]') FROM ended) AS "endedSessions"
    `.execute(database);
    return rows[0] as SessionPolicy;
  },
};
