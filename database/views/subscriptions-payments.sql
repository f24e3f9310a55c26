-- Payments and refunds of the trailing 24 hours as steps on a grid (core.sql): what the counters count from the day of
-- installation, with a past.

CREATE VIEW admin_center.payment_result AS
SELECT
  payment_id,
  CASE status WHEN 'failed' THEN 'failed' ELSE 'succeeded' END AS result,
  CASE status WHEN 'failed' THEN admin_center.decline_class(failure_code) ELSE 'none' END AS decline_class,
  created_at
FROM admin_center.payment
WHERE status <> 'pending';

CREATE FUNCTION admin_center.payment_steps(grid timestamptz[])
RETURNS TABLE (fact text, result text, decline_class text, reason text, step integer, delta bigint)
LANGUAGE sql STABLE AS $$
  WITH happened AS (
    SELECT 'recent payments' AS fact, result, decline_class, NULL AS reason, created_at FROM admin_center.payment_result
    UNION ALL
    SELECT 'recent refunds', NULL, NULL, reason, created_at FROM admin_center.refund WHERE status = 'succeeded'
  ),
  edge AS (
    SELECT happened.*, created_at AS at, 1 AS delta FROM happened
    UNION ALL
    SELECT happened.*, created_at + interval '24 hours', -1 FROM happened
  ),
  counted AS (
    SELECT fact, result, decline_class, reason, admin_center.grid_step(at, grid) AS step, delta
    FROM edge
    WHERE created_at > grid[1] - interval '24 hours' AND created_at <= grid[cardinality(grid)]
  )
  SELECT fact, result, decline_class, reason, step, sum(delta)
  FROM counted
  WHERE step < cardinality(grid)
  GROUP BY fact, result, decline_class, reason, step
  HAVING sum(delta) <> 0
$$;

GRANT SELECT ON admin_center.payment_result, admin_center.refund TO admin_center_exporter;
