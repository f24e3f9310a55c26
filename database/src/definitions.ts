// What is rebuilt whole at every run, in one transaction: the host adapter, the views of the capabilities, the rollups, all rights.
import type pg from 'pg';
import { ROLE_NAMES } from './roles.ts';
import type { SqlFile } from './sql-files.ts';

const ROLES = Object.values(ROLE_NAMES).join(', ');

export interface Definitions {
  /** Functions and views of the host adapter and of the capabilities, functions of the rollups. */
  readonly files: readonly SqlFile[];
  /** Rights on our tables, views and functions; run last. */
  readonly grants: readonly SqlFile[];
}

const ATTEMPTS = 5;

/** Readers wait for this transaction and see the old definitions or the new ones. */
export async function rebuild(client: pg.ClientBase, definitions: Definitions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('BEGIN');
      await client.query("SET LOCAL lock_timeout = '10s'");
      await dropDefinitions(client, definitions.files);
      await revokeAll(client);
      await loadInAnyOrder(client, definitions.files);
      for (const file of definitions.grants) {
        await load(client, file);
      }
      await closeFunctions(client);
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      // A reader that holds one view and wants the next can deadlock with us; one of the two is ended by PostgreSQL.
      const code = sqlState(error);
      if ((code !== '40P01' && code !== '55P03') || attempt === ATTEMPTS) {
        throw error;
      }
    }
  }
}

const sqlState = (error: unknown): string | undefined => (error as { code?: string }).code ?? (error as { cause?: { code?: string } }).cause?.code;

/** All our views, and each function that one of the files defines, whatever its arguments were before. */
async function dropDefinitions(client: pg.ClientBase, files: readonly SqlFile[]): Promise<void> {
  const functions = files.flatMap(({ text }) => [...text.matchAll(/CREATE(?: OR REPLACE)? FUNCTION admin_center\.(\w+)/gi)].map((match) => match[1]));
  const { rows } = await client.query<{ views: string | null; functions: string | null }>(
    `SELECT
       (SELECT string_agg(c.oid::regclass::text, ', ') FROM pg_class c
        WHERE c.relnamespace = 'admin_center'::regnamespace AND c.relkind = 'v'
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')) AS views,
       (SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
        WHERE p.pronamespace = 'admin_center'::regnamespace AND p.proname = ANY($1)) AS functions`,
    [functions],
  );
  const found = rows[0];
  if (found?.views) {
    await client.query(`DROP VIEW ${found.views}`).catch((error: Error & { code?: string; detail?: string }) => {
      throw error.code === '2BP01' ? new Error(`Something depends on the views of the Admin Center, which are rebuilt at each run. Drop it first:\n${error.detail}`, { cause: error }) : error;
    });
  }
  if (found?.functions) {
    await client.query(`DROP FUNCTION ${found.functions}`);
  }
}

async function revokeAll(client: pg.ClientBase): Promise<void> {
  await client.query(`
    REVOKE ALL ON SCHEMA admin_center FROM PUBLIC, ${ROLES};
    REVOKE ALL ON ALL TABLES IN SCHEMA admin_center FROM PUBLIC, ${ROLES};
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA admin_center FROM PUBLIC, ${ROLES};
    GRANT USAGE ON SCHEMA admin_center TO ${ROLES}`);
  await forEachFunction(client, 'true', `REVOKE ALL ON FUNCTION %s FROM PUBLIC, ${ROLES}`);
}

/**
 * PostgreSQL lets everybody execute a new function; that is taken back. Functions that only read, with the rights of who
 * calls them, are open to both roles, since views call them; all others need a GRANT of their own.
 */
async function closeFunctions(client: pg.ClientBase): Promise<void> {
  await forEachFunction(client, 'true', 'REVOKE ALL ON FUNCTION %s FROM PUBLIC');
  await forEachFunction(client, "p.provolatile <> 'v' AND NOT p.prosecdef", `GRANT EXECUTE ON FUNCTION %s TO ${ROLES}`);
}

/** Objects that belong to an extension are left alone. */
async function forEachFunction(client: pg.ClientBase, condition: string, statement: string): Promise<void> {
  await client.query(`
    DO $$
    DECLARE
      ours regprocedure;
    BEGIN
      FOR ours IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'admin_center'::regnamespace AND ${condition}
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
      LOOP
        EXECUTE format('${statement}', ours);
      END LOOP;
    END $$`);
}

/** Views name one another across files: a file that fails is tried again once the others are there. */
async function loadInAnyOrder(client: pg.ClientBase, files: readonly SqlFile[]): Promise<void> {
  for (let waiting = files; waiting.length > 0; ) {
    const failed: SqlFile[] = [];
    let firstError: unknown;
    for (const file of waiting) {
      await client.query('SAVEPOINT file');
      try {
        await load(client, file);
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT file');
        firstError ??= error;
        failed.push(file);
      }
    }
    if (failed.length === waiting.length) {
      throw firstError;
    }
    waiting = failed;
  }
}

async function load(client: pg.ClientBase, { name, text }: SqlFile): Promise<void> {
  try {
    await client.query(text);
    await client.query('SET LOCAL check_function_bodies = on');
  } catch (error) {
    throw new Error(`${name}.sql failed: ${(error as Error).message}`, { cause: error });
  }
}
