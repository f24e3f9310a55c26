-- Events by day, type, name, feature and tier. Whose they are does not matter, so events that move are not counted again.

CREATE FUNCTION admin_center.roll_up_counts() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO admin_center.event_count AS c (day, type, name, feature, tier, events)
  SELECT day, type, name, coalesce(feature, ''), tier, count(*) FROM rolled_event WHERE NOT moved
  GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (day, type, name, feature, tier) DO UPDATE SET events = c.events + excluded.events;
END $$;

CREATE FUNCTION admin_center.take_out_counts(persons uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  high xid8 := (SELECT r.xid FROM admin_center.event_rollup r);
BEGIN
  UPDATE admin_center.event_count c SET events = c.events - gone.events
  FROM (
    SELECT (e.at AT TIME ZONE 'UTC')::date AS day, e.type, e.name, coalesce(e.feature, '') AS feature, e.tier, count(*) AS events
    FROM admin_center.event e
    WHERE e.person_id = ANY(persons) AND e.xid < high
    GROUP BY 1, 2, 3, 4, 5
  ) gone
  WHERE (c.day, c.type, c.name, c.feature, c.tier) = (gone.day, gone.type, gone.name, gone.feature, gone.tier);
  DELETE FROM admin_center.event_count WHERE events = 0;
END $$;
