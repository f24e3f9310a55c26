-- Who paid for which tier when, without gaps between invoices: what conversion counts (D22).

-- Brings paid_span up to date from mrr_interval: users whose subscriptions changed or were paid for since the last run, less
-- 5 minutes for transactions that committed late. @returns how many rows changed
CREATE FUNCTION admin_center.refresh_paid_spans("full" boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
  since   timestamptz := '-infinity';
  users   uuid[];
  touched uuid[];
  changes integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.paid_spans', 0)) THEN
    RETURN 0;
  END IF;
  -- An empty table is filled whole: what is loaded into a new host may be older than the last run.
  IF NOT "full" AND EXISTS (SELECT FROM paid_span) THEN
    SELECT coalesce(max(at) - interval '5 minutes', '-infinity') INTO since FROM paid_span_watermark;
  END IF;
  IF since > '-infinity' THEN
    SELECT array_agg(user_id) INTO users
    FROM (
      SELECT user_id FROM subscription WHERE updated_at >= since OR created_at >= since
      UNION
      SELECT user_id FROM payment WHERE subscription_id IS NOT NULL AND (updated_at >= since OR created_at >= since)
    ) AS changed;
    SELECT array_agg(subscription_id) INTO touched FROM subscription WHERE user_id = ANY (users);
  END IF;

  WITH interval AS (
    SELECT user_id, tier, started_at, ended_at, max(ended_at) OVER (PARTITION BY user_id, tier ORDER BY started_at, ended_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered_until
    FROM mrr_interval
    WHERE amount_minor > 0 AND (since = '-infinity' OR subscription_id = ANY (touched))
  ),
  island AS (
    SELECT interval.*, count(*) FILTER (WHERE covered_until IS NULL OR covered_until < started_at) OVER (PARTITION BY user_id, tier ORDER BY started_at, ended_at) AS number
    FROM interval
  ),
  fresh AS MATERIALIZED (
    SELECT user_id, tier, min(started_at) AS started_at, max(ended_at) AS ended_at FROM island GROUP BY user_id, tier, number
  ),
  written AS (
    INSERT INTO paid_span AS known (user_id, tier, started_at, ended_at)
    SELECT user_id, tier, started_at, ended_at FROM fresh
    ON CONFLICT (user_id, tier, started_at) DO UPDATE SET ended_at = excluded.ended_at WHERE known.ended_at <> excluded.ended_at
    RETURNING 1
  ),
  removed AS (
    DELETE FROM paid_span known
    WHERE (since = '-infinity' OR known.user_id = ANY (users))
      AND NOT EXISTS (SELECT FROM fresh WHERE (fresh.user_id, fresh.tier, fresh.started_at) = (known.user_id, known.tier, known.started_at))
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM written) + (SELECT count(*) FROM removed) INTO changes;

  INSERT INTO paid_span_watermark (at) VALUES (now())
  ON CONFLICT (singleton) DO UPDATE SET at = excluded.at;
  RETURN changes;
END
$$;
