-- Uses of features as a counter that never falls: added to the tally once per event, whatever is rebuilt or erased later.
-- What is not in the catalogue is `other`, since names come from clients and could be made up without end.

CREATE FUNCTION admin_center.roll_up_feature_uses() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  low  xid8 := (SELECT m.xid FROM admin_center.feature_use_mark m FOR UPDATE);
  high xid8 := (SELECT r.xid FROM admin_center.event_rollup r);
BEGIN
  IF high <= low THEN
    RETURN;
  END IF;
  PERFORM admin_center.tally_add('admincenter_feature_uses_total', jsonb_build_object('feature', used.feature, 'tier', used.tier), used.uses)
  FROM (
    SELECT coalesce(f.key, 'other') AS feature, CASE WHEN e.tier IN ('premium', 'enterprise') THEN e.tier ELSE 'free' END AS tier, count(*) AS uses
    FROM rolled_event e LEFT JOIN admin_center.feature f ON f.key = e.feature
    WHERE e.xid >= low AND NOT e.moved AND e.feature IS NOT NULL
    GROUP BY 1, 2
  ) AS used;
  UPDATE admin_center.feature_use_mark SET xid = high;
END $$;

-- The counter over a grid (views/core.sql): back from what it is now by the uses that the stream holds. What was erased since
-- was always there. `width_bucket` as in grid_step, which nodes of Citus would not know how to look through.
CREATE FUNCTION admin_center.feature_use_steps(grid timestamptz[])
RETURNS TABLE (fact text, feature text, tier text, step integer, delta bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, admin_center, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  counted xid8 := (SELECT m.xid FROM feature_use_mark m);
BEGIN
  RETURN QUERY
  WITH used AS MATERIALIZED (
    SELECT e.feature AS name, CASE WHEN e.tier IN ('premium', 'enterprise') THEN e.tier ELSE 'free' END AS tier, width_bucket(e.at - interval '1 microsecond', grid) AS step, count(*) AS uses
    FROM event e WHERE e.feature IS NOT NULL AND e.at > grid[1] AND e.xid < counted
    GROUP BY 1, 2, 3
  ),
  past AS MATERIALIZED (
    SELECT coalesce(f.key, 'other') AS feature, used.tier, used.step, sum(used.uses)::bigint AS uses
    FROM used LEFT JOIN admin_center.feature f ON f.key = used.name
    GROUP BY 1, 2, 3
  )
  SELECT 'uses', u.feature, u.tier, 0, greatest(0, u.uses - coalesce((SELECT sum(p.uses) FROM past p WHERE p.feature = u.feature AND p.tier = u.tier), 0))::bigint
  FROM feature_use u
  UNION ALL
  SELECT 'uses', p.feature, p.tier, p.step, p.uses FROM past p WHERE p.step < cardinality(grid);
END $$;
REVOKE ALL ON FUNCTION admin_center.feature_use_steps FROM PUBLIC;
