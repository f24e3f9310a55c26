-- Counters of what the product did, and their past as far as rows tell it. No column of these views names a person.

-- With their labels as they were counted.
CREATE VIEW admin_center.counter AS
SELECT metric, labels, value FROM admin_center.tally;

-- What was counted, a row each time, where a row is kept of it.
CREATE VIEW admin_center.counted AS
SELECT 'admincenter_actions_total' AS metric, jsonb_build_object('action', l.action, 'outcome', l.outcome, 'actor_role', l.actor_role) AS labels, l.at
FROM admin_center.audit_log l
UNION ALL
SELECT 'admincenter_impersonation_sessions_total', jsonb_build_object('reason_class', reason_class, 'outcome', state), ended_at
FROM admin_center.impersonation_session WHERE ended_at IS NOT NULL
UNION ALL
SELECT 'admincenter_impersonation_blocked_actions_total', jsonb_build_object('action_class', action_class), at
FROM admin_center.impersonation_request WHERE blocked
UNION ALL
SELECT 'admincenter_flag_changes_total', jsonb_build_object('actor_kind', CASE WHEN actor_subject LIKE 'system:%' THEN 'system' ELSE 'admin' END, 'change', change), at
FROM admin_center.flag_version
UNION ALL
SELECT 'admincenter_coupon_redemptions_total', jsonb_build_object('campaign', coalesce(c.key, 'none'), 'result', 'applied'), r.at
FROM admin_center.redemption r LEFT JOIN admin_center.campaign c USING (campaign_id)
UNION ALL
SELECT 'admincenter_referrals_total', jsonb_build_object('stage', reached.stage), reached.at
FROM admin_center.referral
CROSS JOIN LATERAL (VALUES
  ('click', clicked_at), ('signup', signed_up_at), ('qualified', qualified_at), ('held', CASE WHEN held_until IS NOT NULL THEN qualified_at END),
  ('rewarded', rewarded_at), ('clawed_back', clawed_back_at), ('rejected', rejected_at)
) AS reached (stage, at)
WHERE reached.at IS NOT NULL;

-- A counter over a grid, by its rows. What was counted without one was always there, so that the past ends at what the
-- counter is now; a row that is about to be counted is there already.
CREATE FUNCTION admin_center.counter_steps(name text, grid timestamptz[])
RETURNS TABLE (labels jsonb, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH past AS MATERIALIZED (
    SELECT counted.labels, admin_center.grid_step(counted.at, grid) AS step, count(*) AS times
    FROM admin_center.counted WHERE counted.metric = name GROUP BY 1, 2
  )
  SELECT counter.labels, 0, greatest(0, counter.value - coalesce((SELECT sum(times) FROM past WHERE past.labels = counter.labels), 0))::bigint
  FROM admin_center.counter WHERE counter.metric = name
  UNION ALL
  SELECT past.labels, past.step, past.times FROM past WHERE past.step < cardinality(grid)
$$;

GRANT SELECT ON admin_center.counter, admin_center.counted TO admin_center_exporter;
