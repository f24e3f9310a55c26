-- Flags by stage of life, and how far each is rolled out.

-- Stale: one variant alone for 30 days, or not evaluated for 14, and not permanent. What failed to be evaluated was not.
CREATE VIEW admin_center.flag_life AS
WITH usage AS (
  SELECT
    flag,
    min(first_at) AS first_at,
    max(last_at) AS last_at,
    count(DISTINCT variant) FILTER (WHERE last_at > now() - interval '30 days') AS variants,
    coalesce(sum(evaluations) FILTER (WHERE day >= (now() AT TIME ZONE 'UTC')::date - 1 AND last_at > now() - interval '24 hours'), 0) AS recent
  FROM admin_center.flag_usage
  WHERE reason <> 'ERROR'
  GROUP BY flag
),
judged AS (
  SELECT
    f.key,
    f.state,
    u.first_at AS first_evaluated_at,
    u.last_at AS last_evaluated_at,
    coalesce(u.recent, 0)::bigint AS recent_evaluations,
    CASE
      WHEN (f.definition ->> 'permanent')::boolean OR f.state IN ('killed', 'archived') THEN NULL
      WHEN greatest(u.last_at, f.created_at) < now() - interval '14 days' THEN 'not_evaluated'
      WHEN u.variants = 1 AND u.first_at < now() - interval '30 days' THEN 'one_variant'
    END AS stale
  FROM admin_center.flag f
  LEFT JOIN usage u ON u.flag = f.key
)
SELECT
  key, first_evaluated_at, last_evaluated_at, recent_evaluations, stale,
  CASE
    WHEN state IN ('killed', 'archived') THEN state
    WHEN stale IS NOT NULL THEN 'stale'
    WHEN last_evaluated_at IS NULL THEN 'new'
    ELSE 'live'
  END AS lifecycle
FROM judged;

-- admincenter_flags, admincenter_flag_rollout_ratio. The definition has percentages.
CREATE VIEW admin_center.flag_fact AS
SELECT 'flags' AS fact, lifecycle, NULL AS flag, count(*)::double precision AS value
FROM admin_center.flag_life
GROUP BY lifecycle
UNION ALL
SELECT 'rollout', NULL, key, CASE WHEN state = 'on' THEN (definition #>> '{rollout,percentage}')::double precision / 100 ELSE 0 END
FROM admin_center.flag
WHERE state <> 'archived' AND jsonb_typeof(definition -> 'rollout') = 'object';

GRANT SELECT ON admin_center.flag_life TO admin_center_api;
GRANT SELECT ON admin_center.flag_fact TO admin_center_exporter;
