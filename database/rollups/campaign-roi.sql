-- Computes the returns of campaigns with a hold-out in their reporting currency anew and keeps them, all of one instant. Returns
-- how many there are. Of two callers at once one answers 0.
-- Of the newest campaigns only: ratios beyond the 200 labels there are cannot be added up under one name.
CREATE FUNCTION admin_center.keep_campaign_roi() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
DECLARE
  kept integer;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.campaign_roi', 0)) THEN
    RETURN 0;
  END IF;
  WITH fresh AS MATERIALIZED (
    SELECT r.campaign_id, r.roi
    FROM campaign_returns(ARRAY(SELECT c.campaign_id FROM campaign c WHERE c.holdout_share > 0 ORDER BY c.created_at DESC, c.campaign_id LIMIT 200)) r
    WHERE r.incremental AND r.currency = r.reporting_currency AND r.roi IS NOT NULL
  ),
  gone AS (
    DELETE FROM campaign_roi_kept old WHERE NOT EXISTS (SELECT FROM fresh WHERE fresh.campaign_id = old.campaign_id)
  )
  INSERT INTO campaign_roi_kept (campaign_id, roi, computed_at)
  SELECT fresh.campaign_id, fresh.roi, now() FROM fresh
  ON CONFLICT (campaign_id) DO UPDATE SET roi = excluded.roi, computed_at = excluded.computed_at;
  GET DIAGNOSTICS kept = ROW_COUNT;
  RETURN kept;
END
$$;
REVOKE ALL ON FUNCTION admin_center.keep_campaign_roi FROM PUBLIC;
