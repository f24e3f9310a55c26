-- Days, weeks from Monday and months of UTC, and intervals of 24, 7 x 24 and 30 x 24 hours from an instant.

CREATE FUNCTION admin_center.interval_start(name text, day date) RETURNS date
LANGUAGE sql IMMUTABLE RETURN CASE name WHEN 'day' THEN day WHEN 'week' THEN date_trunc('week', day::timestamp)::date ELSE date_trunc('month', day::timestamp)::date END;

CREATE FUNCTION admin_center.interval_next(name text, starts_on date) RETURNS date
LANGUAGE sql IMMUTABLE RETURN CASE name WHEN 'day' THEN starts_on + 1 WHEN 'week' THEN starts_on + 7 ELSE (starts_on + interval '1 month')::date END;

CREATE FUNCTION admin_center.interval_number(name text, cohort date, day date) RETURNS integer
LANGUAGE sql IMMUTABLE RETURN CASE name
  WHEN 'day' THEN day - cohort
  WHEN 'week' THEN (date_trunc('week', day::timestamp)::date - cohort) / 7
  ELSE (date_part('year', day) - date_part('year', cohort)) * 12 + date_part('month', day) - date_part('month', cohort) END::integer;
COMMENT ON FUNCTION admin_center.interval_number IS 'How many intervals after the one that begins on `cohort` the day lies in.';

CREATE FUNCTION admin_center.own_interval(first_at timestamptz, at timestamptz, days integer) RETURNS integer
LANGUAGE sql IMMUTABLE RETURN floor(date_part('epoch', at - first_at) / (days * 86400))::integer;
