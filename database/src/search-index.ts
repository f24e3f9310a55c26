// The trigram index that makes user search fast. It needs the extension pg_trgm, which a database may lack.
import type pg from 'pg';

/** Makes extension and index where they can be made; without them a search reads the whole directory (probe pg_trgm). */
export async function ensureSearchIndex(client: pg.ClientBase): Promise<void> {
  // Trusted since PostgreSQL 13: who may create in the database may create it. In our schema, so the host's stays clean.
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA admin_center').catch(() => undefined);
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
