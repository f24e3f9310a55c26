-- What each subscription brings a month now, kept ready for lists: the host has no index that leads from a user to their
-- payments and must not get one, so asking mrr_interval for the users of a page would read every payment there is.

CREATE TABLE admin_center.recurring_revenue (
  subscription_id uuid PRIMARY KEY,
  user_id         uuid NOT NULL,
  currency        text NOT NULL,
  amount_minor    bigint NOT NULL
);
COMMENT ON COLUMN admin_center.recurring_revenue.amount_minor IS 'Per month, in minor units (D8).';
CREATE INDEX recurring_revenue_user ON admin_center.recurring_revenue (user_id);

-- Brings it up to date from mrr_interval and returns how many rows changed; only rows that differ are written. The worker
-- calls it every minute; of two callers at once one answers 0.
CREATE FUNCTION admin_center.refresh_recurring_revenue() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  changes integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.recurring_revenue', 0)) THEN
    RETURN 0;
  END IF;
  WITH fresh AS MATERIALIZED (
    SELECT subscription_id, user_id, currency, amount_minor
    FROM mrr_interval
    WHERE started_at <= now() AND ended_at > now()
  ),
  written AS (
    INSERT INTO recurring_revenue AS known (subscription_id, user_id, currency, amount_minor)
    SELECT subscription_id, user_id, currency, amount_minor FROM fresh
    ON CONFLICT (subscription_id) DO UPDATE
    SET (user_id, currency, amount_minor) = (excluded.user_id, excluded.currency, excluded.amount_minor)
    WHERE (known.user_id, known.currency, known.amount_minor) IS DISTINCT FROM (excluded.user_id, excluded.currency, excluded.amount_minor)
    RETURNING 1
  ),
  removed AS (
    DELETE FROM recurring_revenue known
    WHERE NOT EXISTS (SELECT FROM fresh WHERE fresh.subscription_id = known.subscription_id)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM removed) INTO changes;
  RETURN changes;
END
$$;
