-- Who has ever paid, kept ready for codes that are for first payments: the host has no index that leads from a user to their
-- payments and must not get one, so asking it for one user would read every payment there is.

CREATE TABLE admin_center.paying_user (
  user_id       uuid PRIMARY KEY,
  first_paid_at timestamptz NOT NULL
);
COMMENT ON TABLE admin_center.paying_user IS 'A payment that was refunded or is disputed was made all the same.';

-- Until when it is complete, less 5 minutes for transactions that committed late. No row: never filled.
CREATE TABLE admin_center.paying_user_watermark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);

-- Brings it up to date and returns how many rows changed; the worker calls it every 15 seconds, and in full every hour. Of
-- two callers at once one answers 0.
CREATE FUNCTION admin_center.refresh_paying_users("full" boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  since   timestamptz := '-infinity';
  changes integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.paying_user', 0)) THEN
    RETURN 0;
  END IF;
  IF NOT "full" THEN
    SELECT coalesce(max(at) - interval '5 minutes', '-infinity') INTO since FROM paying_user_watermark;
  END IF;
  WITH paid AS MATERIALIZED (
    SELECT user_id, min(created_at) AS first_paid_at FROM payment
    WHERE amount_minor > 0 AND status IN ('succeeded', 'refunded', 'partially_refunded', 'disputed') AND (since = '-infinity' OR updated_at >= since OR created_at >= since)
    GROUP BY user_id
  ),
  written AS (
    INSERT INTO paying_user AS known (user_id, first_paid_at)
    SELECT user_id, first_paid_at FROM paid
    ON CONFLICT (user_id) DO UPDATE SET first_paid_at = excluded.first_paid_at WHERE excluded.first_paid_at < known.first_paid_at
    RETURNING 1
  ),
  removed AS (
    DELETE FROM paying_user known WHERE since = '-infinity' AND NOT EXISTS (SELECT FROM paid WHERE paid.user_id = known.user_id) RETURNING 1
  )
  SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM removed) INTO changes;
  INSERT INTO paying_user_watermark (at) VALUES (now()) ON CONFLICT (singleton) DO UPDATE SET at = excluded.at;
  RETURN changes;
END
$$;
REVOKE ALL ON FUNCTION admin_center.refresh_paying_users FROM PUBLIC;
