-- What each subscription brings a month, kept ready for lists: the host has no index that leads from a user to their
-- payments and must not get one, so asking mrr_interval for the users of a page would read every payment there is.

-- The interval of mrr_interval that covers now; it counts until `ended_at`.
CREATE TABLE admin_center.recurring_revenue (
  subscription_id uuid PRIMARY KEY,
  user_id         uuid NOT NULL,
  currency        text NOT NULL,
  amount_minor    bigint NOT NULL,
  ended_at        timestamptz NOT NULL
);
COMMENT ON COLUMN admin_center.recurring_revenue.amount_minor IS 'Per month, in minor units (D8).';
CREATE INDEX recurring_revenue_user ON admin_center.recurring_revenue (user_id);

-- From when on the next incremental refresh looks for changes. No row: everything.
CREATE TABLE admin_center.recurring_revenue_watermark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);

-- Brings it up to date and returns how many rows changed; only rows that differ are written. Incremental: subscriptions
-- that changed or were paid for since the last run, less 5 minutes for transactions that committed late. Of two callers at
-- once one answers 0.
CREATE FUNCTION admin_center.refresh_recurring_revenue("full" boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  since   timestamptz := '-infinity';
  touched uuid[];
  changes integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.recurring_revenue', 0)) THEN
    RETURN 0;
  END IF;
  IF NOT "full" THEN
    SELECT coalesce(max(at) - interval '5 minutes', '-infinity') INTO since FROM recurring_revenue_watermark;
  END IF;
  IF since > '-infinity' THEN
    SELECT array_agg(subscription_id) INTO touched
    FROM (
      SELECT subscription_id FROM subscription WHERE updated_at >= since OR created_at >= since
      UNION
      SELECT subscription_id FROM payment WHERE subscription_id IS NOT NULL AND (updated_at >= since OR created_at >= since)
    ) AS changed;
  END IF;

  WITH fresh AS MATERIALIZED (
    SELECT subscription_id, user_id, currency, amount_minor, ended_at
    FROM mrr_interval
    WHERE started_at <= now() AND ended_at > now() AND (since = '-infinity' OR subscription_id = ANY (touched))
  ),
  written AS (
    INSERT INTO recurring_revenue AS known (subscription_id, user_id, currency, amount_minor, ended_at)
    SELECT subscription_id, user_id, currency, amount_minor, ended_at FROM fresh
    ON CONFLICT (subscription_id) DO UPDATE
    SET (user_id, currency, amount_minor, ended_at) = (excluded.user_id, excluded.currency, excluded.amount_minor, excluded.ended_at)
    WHERE (known.user_id, known.currency, known.amount_minor, known.ended_at)
      IS DISTINCT FROM (excluded.user_id, excluded.currency, excluded.amount_minor, excluded.ended_at)
    RETURNING 1
  ),
  removed AS (
    DELETE FROM recurring_revenue known
    WHERE (since = '-infinity' OR known.subscription_id = ANY (touched) OR known.ended_at <= now())
      AND NOT EXISTS (SELECT FROM fresh WHERE fresh.subscription_id = known.subscription_id)
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM removed) INTO changes;

  INSERT INTO recurring_revenue_watermark (at) VALUES (now())
  ON CONFLICT (singleton) DO UPDATE SET at = excluded.at;
  RETURN changes;
END
$$;
