// The trigram index that makes user search fast. It needs the extension pg_trgm, which a database may lack.
import type pg from 'pg';

/** Trusted since PostgreSQL 13: who may create in the database may create it. In our schema, so that the host's stays clean. */
export async function ensureSearchExtension(client: pg.ClientBase): Promise<void> {
  // Not there, or not allowed: the probe pg_trgm says so.
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA admin_center').catch(() => undefined);
}

/** Call it after the directory is filled: building the index afterwards is many times faster. */
export async function ensureSearchIndex(client: pg.ClientBase): Promise<void> {
  await client.query(`
    DO $$
    DECLARE
      home text := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
    BEGIN
      IF home IS NOT NULL THEN
        EXECUTE format('CREATE INDEX IF NOT EXISTS user_directory_search ON admin_center.user_directory USING gin (search %I.gin_trgm_ops)', home);
      END IF;
    END $$`);
}
