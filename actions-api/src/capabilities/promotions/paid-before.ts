// Whether a user has ever paid. Read from what the worker keeps; the host, which has no index for it, is asked only where
// that may not be all: the worker has not been there for a minute, or this user took a code since.
import { type RawBuilder, sql } from 'kysely';

/** The worker comes by every 15 seconds. */
const FRESH_S = 60;

/** An expression. What remains: a payment of the last seconds of somebody who took no code with it. */
export const hasPaid = (userId: string): RawBuilder<boolean> => sql<boolean>`CASE
  WHEN EXISTS (SELECT FROM admin_center.paying_user known WHERE known.user_id = ${userId}) THEN true
  WHEN coalesce((SELECT at FROM admin_center.paying_user_watermark), '-infinity') > clock_timestamp() - ${FRESH_S} * interval '1 second'
    AND NOT EXISTS (SELECT FROM admin_center.redemption taken WHERE taken.user_id = ${userId} AND taken.at > (SELECT at FROM admin_center.paying_user_watermark) - interval '5 minutes') THEN false
  ELSE EXISTS (
    SELECT FROM admin_center.payment paid
    WHERE paid.user_id = ${userId} AND paid.amount_minor > 0 AND paid.status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed')
  )
END`;
