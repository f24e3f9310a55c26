// The demo company goes into an empty host database, or over an earlier demo; never beside rows of someone else.
import type pg from 'pg';
import { DEMO_MARK } from './mark.ts';

/** The advisory lock of whoever writes demo rows: loads wait for each other, a simulator lets a load go first. */
export const LOAD_LOCK = 4_150_101;

/** Filled by the host's own migrations, so rows there say nothing. */
const REFERENCE_TABLES = ['quota_definitions', 'schema_migrations'];

async function tablesWithRows(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string; statement: string }>(
    `SELECT tablename AS name, format('SELECT EXISTS (SELECT FROM %I.%I) AS found', schemaname, tablename) AS statement
     FROM pg_tables
     WHERE schemaname = 'public' AND tablename <> ALL ($1)
     ORDER BY tablename`,
    [REFERENCE_TABLES],
  );
  const filled: string[] = [];
  for (const { name, statement } of rows) {
    const { rows: answer } = await client.query<{ found: boolean }>(statement);
    if (answer[0]?.found === true) {
      filled.push(name);
    }
  }
  return filled;
}

/**
 * @returns whether the database holds an earlier demo
 * @throws Error when a host table holds a row that is not the demo's, or the host's tables are missing
 */
export async function refuseForeignRows(client: pg.ClientBase): Promise<boolean> {
  const { rows: tables } = await client.query<{ users: string | null }>(`SELECT to_regclass('public.users')::text AS users`);
  if (tables[0]?.users === null) {
    throw new Error('There is no table public.users: create the host schema before loading the demo company.');
  }
  const { rows } = await client.query<{ demo: number; foreign: number }>(
    `SELECT (count(*) FILTER (WHERE metadata ->> 'demo' = $1))::integer AS demo,
            (count(*) FILTER (WHERE metadata ->> 'demo' IS DISTINCT FROM $1))::integer AS foreign
     FROM public.users`,
    [DEMO_MARK.demo],
  );
  const { demo, foreign } = rows[0] ?? { demo: 0, foreign: 0 };
  if (foreign > 0) {
    throw new Error(`The database holds ${foreign} users that are not the demo's: the demo company is loaded into an empty database only. Set another DATABASE_URL.`);
  }
  if (demo > 0) {
    return true;
  }
  const filled = await tablesWithRows(client);
  if (filled.length > 0) {
    throw new Error(`The database has no users but rows in ${filled.join(', ')}: the demo company is loaded into an empty database only. Set another DATABASE_URL.`);
  }
  return false;
}
