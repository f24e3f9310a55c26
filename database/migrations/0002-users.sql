-- The user directory: one row per account, for search, filters and sorting at a million users, where the host's own
-- tables have no suitable index and must not get one. It follows the host views; refresh_user_directory() says how.

CREATE TABLE admin_center.user_directory (
  user_id      uuid PRIMARY KEY,
  email        text NOT NULL,
  name         text,
  tier         text NOT NULL,
  state        text NOT NULL,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz,
  search       text NOT NULL GENERATED ALWAYS AS (lower(email || ' ' || coalesce(name, ''))) STORED,
  revision     integer NOT NULL DEFAULT 1
);
COMMENT ON COLUMN admin_center.user_directory.tier IS 'Entitled tier; free without a subscription.';
COMMENT ON COLUMN admin_center.user_directory.last_seen_at IS
  'Last session start, use or login ever seen, up to a minute late; it stays when the host cleans up its sessions. Null: never seen.';
COMMENT ON COLUMN admin_center.user_directory.search IS
  'Search it with LIKE, a lower-case term and % on both sides; migrate() puts a trigram index on it where pg_trgm is there.';
COMMENT ON COLUMN admin_center.user_directory.revision IS
  'Rises with each change, so that a refresh that began before a change does not undo it.';

-- One per sort order, with user_id as tie-break; each serves both directions. Who was never seen sorts as the oldest:
-- ORDER BY coalesce(last_seen_at, '-infinity') DESC, user_id DESC.
CREATE INDEX user_directory_created_at ON admin_center.user_directory (created_at, user_id);
CREATE INDEX user_directory_last_seen_at ON admin_center.user_directory (coalesce(last_seen_at, '-infinity'::timestamptz), user_id);
CREATE INDEX user_directory_email ON admin_center.user_directory (email, user_id);
CREATE INDEX user_directory_tier ON admin_center.user_directory (tier);
CREATE INDEX user_directory_state ON admin_center.user_directory (state);

-- From when on the next incremental refresh looks for changes. No row: everything.
CREATE TABLE admin_center.user_directory_watermark (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  at        timestamptz NOT NULL
);

-- Brings the directory up to date and returns how many of its rows changed; only rows that differ are written.
-- Incremental: accounts that changed, were seen or whose subscriptions changed since the last run, less 5 minutes for
-- transactions that committed late. Full: all accounts, and rows of accounts that are gone are deleted.
-- Whoever is active all the time is written once a minute. Two runs never overlap: the second returns 0 at once.
CREATE FUNCTION admin_center.refresh_user_directory("full" boolean DEFAULT false) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = admin_center, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '64MB' AS $$
DECLARE
  since    timestamptz := '-infinity';
  patience interval := '0';
  changes  integer;
  removed  integer := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('admin_center.user_directory', 0)) THEN
    RETURN 0;
  END IF;
  -- An empty directory is filled whole: what is loaded into a new host may be older than the last run.
  IF NOT "full" AND EXISTS (SELECT FROM user_directory) THEN
    SELECT coalesce(max(at) - interval '5 minutes', '-infinity') INTO since FROM user_directory_watermark;
    patience := '1 minute';
  END IF;

  WITH seen AS MATERIALIZED (
    SELECT user_id, max(greatest(created_at, last_activity_at)) AS at
    FROM session
    WHERE since = '-infinity' OR created_at >= since OR last_activity_at >= since
    GROUP BY user_id
  ),
  candidate AS (
    SELECT user_id FROM account WHERE since = '-infinity' OR updated_at >= since
    UNION
    SELECT user_id FROM seen
    UNION
    SELECT user_id FROM subscription WHERE updated_at >= since
  ),
  fresh AS MATERIALIZED (
    SELECT
      user_id, a.email, a.display_name AS name, e.tier, a.state, a.created_at,
      greatest(seen.at, a.last_login_at, d.last_seen_at) AS last_seen_at,
      d.revision
    FROM candidate
    JOIN account a USING (user_id)
    JOIN entitlement e USING (user_id)
    LEFT JOIN seen USING (user_id)
    LEFT JOIN user_directory d USING (user_id)
    WHERE d.user_id IS NULL
      OR (d.email, d.name, d.tier, d.state, d.created_at) IS DISTINCT FROM (a.email, a.display_name, e.tier, a.state, a.created_at)
      OR greatest(seen.at, a.last_login_at) > coalesce(d.last_seen_at + patience, '-infinity')
  ),
  updated AS (
    UPDATE user_directory d
    SET (email, name, tier, state, created_at, last_seen_at, revision) =
        (f.email, f.name, f.tier, f.state, f.created_at, f.last_seen_at, d.revision + 1)
    FROM fresh f
    WHERE d.user_id = f.user_id AND d.revision = f.revision
    RETURNING 1
  ),
  inserted AS (
    INSERT INTO user_directory (user_id, email, name, tier, state, created_at, last_seen_at)
    SELECT user_id, email, name, tier, state, created_at, last_seen_at FROM fresh WHERE revision IS NULL
    ON CONFLICT (user_id) DO NOTHING
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM updated) + (SELECT count(*) FROM inserted) INTO changes;

  IF since = '-infinity' THEN
    DELETE FROM user_directory d WHERE NOT EXISTS (SELECT FROM account a WHERE a.user_id = d.user_id);
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;

  INSERT INTO user_directory_watermark (at) VALUES (now())
  ON CONFLICT (singleton) DO UPDATE SET at = excluded.at;
  RETURN changes + removed;
END
$$;

-- Brings one account's row up to date in the transaction that changed the account; `last_seen_at` is left to the others.
CREATE FUNCTION admin_center.refresh_user_directory_row(user_id uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = admin_center, pg_temp AS $$
BEGIN
  INSERT INTO user_directory AS d (user_id, email, name, tier, state, created_at, last_seen_at)
  SELECT a.user_id, a.email, a.display_name, e.tier, a.state, a.created_at, a.last_login_at
  FROM account a
  JOIN entitlement e ON e.user_id = a.user_id
  WHERE a.user_id = refresh_user_directory_row.user_id
  ON CONFLICT ON CONSTRAINT user_directory_pkey DO UPDATE
  SET (email, name, tier, state, created_at, revision) =
      (excluded.email, excluded.name, excluded.tier, excluded.state, excluded.created_at, d.revision + 1);
END
$$;
