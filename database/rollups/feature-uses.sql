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
