-- The past of rollouts: what each version of a flag changed, in thousandths of a percent, as the definition has them at most.
CREATE VIEW admin_center.rollout_edge AS
SELECT flag, at, share - lag(share, 1, 0) OVER (PARTITION BY flag ORDER BY version) AS delta
FROM (
  SELECT flag, version, at,
    CASE WHEN state = 'on' AND jsonb_typeof(definition -> 'rollout') = 'object' THEN round((definition #>> '{rollout,percentage}')::numeric * 1000)::integer ELSE 0 END AS share
  FROM admin_center.flag_version
) version;

-- admincenter_flag_rollout_ratio over a grid.
CREATE FUNCTION admin_center.rollout_steps(grid timestamptz[])
RETURNS TABLE (fact text, flag text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  SELECT 'rollout', edge.flag, admin_center.grid_step(edge.at, grid), sum(edge.delta)
  FROM admin_center.rollout_edge edge WHERE edge.at <= grid[cardinality(grid)]
  GROUP BY 2, 3 HAVING sum(edge.delta) <> 0
$$;

GRANT SELECT ON admin_center.rollout_edge TO admin_center_exporter;
