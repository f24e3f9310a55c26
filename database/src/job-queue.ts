// The tables of graphile-worker, in a schema of their own. The owner installs them, so that the API's role needs no right
// to create anything; a worker that starts finds them up to date.
import { Logger as WorkerLogger, runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { ROLE_NAMES } from './roles.ts';

export const JOB_SCHEMA = 'admin_center_worker';

export async function installJobQueue(client: pg.ClientBase, databaseUrl: string): Promise<void> {
  await runMigrations({ connectionString: databaseUrl, schema: JOB_SCHEMA, logger: new WorkerLogger(() => () => undefined) });
  await client.query(`
    REVOKE ALL ON SCHEMA ${JOB_SCHEMA} FROM PUBLIC;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${JOB_SCHEMA} FROM PUBLIC;
    GRANT USAGE ON SCHEMA ${JOB_SCHEMA} TO ${ROLE_NAMES.api};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOB_SCHEMA} TO ${ROLE_NAMES.api};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${JOB_SCHEMA} TO ${ROLE_NAMES.api};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${JOB_SCHEMA} TO ${ROLE_NAMES.api}`);
  // graphile-worker turns row security on, which leaves the tables to their owner; a policy lets our role in.
  await client.query(`
    DO $$
    DECLARE
      guarded regclass;
    BEGIN
      FOR guarded IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = '${JOB_SCHEMA}'::regnamespace AND c.relrowsecurity
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'admin_center_api')
      LOOP
        EXECUTE format('CREATE POLICY admin_center_api ON %s TO ${ROLE_NAMES.api} USING (true) WITH CHECK (true)', guarded);
      END LOOP;
    END $$`);
}
