-- Active users within 7 and 30 days are sums of changes since the first day. Their sums by month keep a number of today as
-- cheap after ten years as after one.

CREATE TABLE admin_center.active_users_month (
  value  integer NOT NULL,
  days   smallint NOT NULL,
  month  date NOT NULL,
  change bigint NOT NULL,
  PRIMARY KEY (value, days, month)
) WITH (fillfactor = 70);
COMMENT ON TABLE admin_center.active_users_month IS 'Of active_users_change, kept by its triggers.';

INSERT INTO admin_center.active_users_month
SELECT value, days, date_trunc('month', day::timestamp)::date, sum(change) FROM admin_center.active_users_change GROUP BY 1, 2, 3;

CREATE FUNCTION admin_center.add_active_users_month() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE admin_center.active_users_month;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO admin_center.active_users_month AS m
    SELECT value, days, date_trunc('month', day::timestamp)::date, sum(change) FROM added GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (value, days, month) DO UPDATE SET change = m.change + excluded.change;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO admin_center.active_users_month AS m
    SELECT value, days, date_trunc('month', day::timestamp)::date, -sum(change) FROM removed GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (value, days, month) DO UPDATE SET change = m.change + excluded.change;
  ELSE
    INSERT INTO admin_center.active_users_month AS m
    SELECT value, days, date_trunc('month', day::timestamp)::date, sum(change)
    FROM (SELECT value, days, day, change FROM added UNION ALL SELECT value, days, day, -change FROM removed) AS both_sides
    GROUP BY 1, 2, 3 HAVING sum(change) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (value, days, month) DO UPDATE SET change = m.change + excluded.change;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER month_insert AFTER INSERT ON admin_center.active_users_change REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION admin_center.add_active_users_month();
CREATE TRIGGER month_update AFTER UPDATE ON admin_center.active_users_change REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION admin_center.add_active_users_month();
CREATE TRIGGER month_delete AFTER DELETE ON admin_center.active_users_change REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION admin_center.add_active_users_month();
CREATE TRIGGER month_truncate AFTER TRUNCATE ON admin_center.active_users_change FOR EACH STATEMENT EXECUTE FUNCTION admin_center.add_active_users_month();
