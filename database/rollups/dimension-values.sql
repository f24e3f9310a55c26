-- What a day is split by. Values are numbered once; a dimension keeps 5,000 of them and calls the rest `other`, since versions
-- and features come from clients and could be made up without end.

-- batch_day: what each user did each day, by what it is split by. batch_context: the combinations in the batch with the numbers
-- of their values. batch_feature: the same of features by tier. The digest lets the two be joined by one column that differs.
CREATE FUNCTION admin_center.find_batch_contexts() RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  contexts bigint;
  found    bigint;
BEGIN
  PERFORM admin_center.ensure_batch_table('batch_day',
    'person_id uuid, day date, tier text, country text, region text, platform text, device text, os text, browser text, app_version text, first_at timestamptz, last_at timestamptz, digest bigint');
  PERFORM admin_center.ensure_batch_table('batch_context', 'digest bigint, tier text, country text, region text, platform text, device text, os text, browser text, app_version text, "values" integer[]');
  PERFORM admin_center.ensure_batch_table('batch_feature', 'feature text, tier text, "values" integer[]');
  PERFORM admin_center.ensure_batch_table('batch_value', 'place integer, dimension text, value text');
  INSERT INTO batch_day
  SELECT person_id, day, tier, country, coalesce(region, ''), platform, device, os, browser, app_version, min(at), max(at),
    hashtextextended(concat_ws('|', tier, country, coalesce(region, ''), platform, device, os, browser, app_version), 0)
  FROM rolled_event WHERE known AND qualifies
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
  GET DIAGNOSTICS contexts = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('batch_day', contexts);
  INSERT INTO batch_context (digest, tier, country, region, platform, device, os, browser, app_version)
  SELECT DISTINCT digest, tier, country, region, platform, device, os, browser, app_version FROM batch_day;
  GET DIAGNOSTICS contexts = ROW_COUNT;
  INSERT INTO batch_feature (feature, tier) SELECT DISTINCT feature, tier FROM rolled_event WHERE known AND qualifies AND feature <> '';
  GET DIAGNOSTICS found = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('batch_feature', found);
  INSERT INTO batch_value (dimension, value)
  SELECT DISTINCT v.dimension, v.value FROM batch_context c
  CROSS JOIN LATERAL admin_center.context_values(c.tier, c.country, c.region, c.platform, c.device, c.os, c.browser, c.app_version) v
  UNION
  SELECT v.dimension, v.value FROM batch_feature f CROSS JOIN LATERAL admin_center.feature_values(f.feature, f.tier) v;
  GET DIAGNOSTICS found = ROW_COUNT;
  PERFORM admin_center.analyze_batch_table('batch_value', found);
  PERFORM admin_center.number_batch_values();
  UPDATE batch_context c SET "values" = n."values"
  FROM (
    SELECT k.place, array_agg(DISTINCT b.place ORDER BY b.place) AS "values"
    FROM (SELECT ctid AS place, * FROM batch_context) k
    CROSS JOIN LATERAL admin_center.context_values(k.tier, k.country, k.region, k.platform, k.device, k.os, k.browser, k.app_version) v
    JOIN batch_value b ON b.dimension = v.dimension AND b.value = v.value
    GROUP BY 1
  ) n
  WHERE c.ctid = n.place;
  -- Joined, and not looked up one by one: clients can make up as many features as they send events.
  UPDATE batch_feature f SET "values" = n."values"
  FROM (
    SELECT k.place, array_agg(DISTINCT b.place ORDER BY b.place) AS "values"
    FROM (SELECT ctid AS place, feature, tier FROM batch_feature) k
    CROSS JOIN LATERAL (VALUES ('feature', k.feature), ('feature_tier', k.feature || '|' || k.tier)) v(dimension, value)
    JOIN batch_value b ON b.dimension = v.dimension AND b.value = v.value
    GROUP BY 1
  ) n
  WHERE f.ctid = n.place;
  PERFORM admin_center.analyze_batch_table('batch_context', contexts);
END $$;

-- Gives each of batch_value the number it has or gets; values beyond what a dimension keeps get the one of `other`.
CREATE FUNCTION admin_center.number_batch_values() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  WITH kept AS MATERIALIZED (
    SELECT dimension, count(*) AS number FROM admin_center.dimension_value GROUP BY 1
  ),
  placed AS (
    SELECT b.dimension, b.value, row_number() OVER (PARTITION BY b.dimension ORDER BY b.value) + coalesce(kept.number, 0) AS place
    FROM batch_value b
    LEFT JOIN kept ON kept.dimension = b.dimension
    WHERE NOT EXISTS (SELECT FROM admin_center.dimension_value d WHERE d.dimension = b.dimension AND d.value = b.value)
  )
  INSERT INTO admin_center.dimension_value (dimension, value)
  SELECT DISTINCT dimension, CASE WHEN place <= 5000 THEN value ELSE 'other' END FROM placed ORDER BY 1, 2
  ON CONFLICT (dimension, value) DO NOTHING;
  UPDATE batch_value b SET place = d.id FROM admin_center.dimension_value d WHERE d.dimension = b.dimension AND d.value = b.value;
  UPDATE batch_value b SET place = d.id FROM admin_center.dimension_value d WHERE b.place IS NULL AND d.dimension = b.dimension AND d.value = 'other';
END $$;

-- The values an event with these properties belongs to. An empty region is none.
CREATE FUNCTION admin_center.context_values(tier text, country text, region text, platform text, device text, os text, browser text, app_version text)
RETURNS TABLE (dimension text, value text)
LANGUAGE sql IMMUTABLE AS $$
  SELECT v.dimension, v.value
  FROM unnest(
    ARRAY['all', 'tier', 'country', 'region', 'platform', 'device', 'os', 'browser', 'client', 'version'],
    ARRAY['all', tier, country, nullif(region, ''), platform, device, os, browser, os || '|' || browser, app_version]
  ) v(dimension, value)
  WHERE v.value IS NOT NULL
$$;

CREATE FUNCTION admin_center.feature_values(feature text, tier text) RETURNS TABLE (dimension text, value text)
LANGUAGE sql IMMUTABLE AS $$
  SELECT v.dimension, v.value FROM unnest(ARRAY['feature', 'feature_tier'], ARRAY[feature, feature || '|' || tier]) v(dimension, value)
$$;
