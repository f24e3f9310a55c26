-- Flags by stage of life, and how far each is rolled out.

-- Stale: one variant alone for 30 days, or not evaluated for 14, and not permanent. What failed to be evaluated was not.
-- A year of usage is looked up at its ends and over the last month, by the key of the table, which begins with flag and day.
CREATE VIEW admin_center.flag_life AS
WITH usage AS (
  SELECT f.key AS flag, first.at AS first_at, last.at AS last_at, month.variants, month.recent
  FROM admin_center.flag f
  LEFT JOIN LATERAL (
    SELECT min(u.first_at) AS at FROM admin_center.flag_usage u
    WHERE u.flag = f.key AND u.reason <> 'ERROR'
      AND u.day = (SELECT e.day FROM admin_center.flag_usage e WHERE e.flag = f.key AND e.reason <> 'ERROR' ORDER BY e.day LIMIT 1)
  ) first ON true
  LEFT JOIN LATERAL (
    SELECT max(u.last_at) AS at FROM admin_center.flag_usage u
    WHERE u.flag = f.key AND u.reason <> 'ERROR'
      AND u.day = (SELECT e.day FROM admin_center.flag_usage e WHERE e.flag = f.key AND e.reason <> 'ERROR' ORDER BY e.day DESC LIMIT 1)
  ) last ON true
  LEFT JOIN LATERAL (
    SELECT
      count(DISTINCT u.variant) FILTER (WHERE u.last_at > now() - interval '30 days') AS variants,
      coalesce(sum(u.evaluations) FILTER (WHERE u.day >= (now() AT TIME ZONE 'UTC')::date - 1 AND u.last_at > now() - interval '24 hours'), 0) AS recent
    FROM admin_center.flag_usage u
    -- A day is over within its date or, for writers that began before midnight, a moment later.
    WHERE u.flag = f.key AND u.reason <> 'ERROR' AND u.day >= (now() AT TIME ZONE 'UTC')::date - 31
  ) month ON true
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
