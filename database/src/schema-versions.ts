// Our tables: forward-only migrations, applied once each in the order of their file names by Kysely's Migrator, which
// the services already carry. It keeps what ran in admin_center.schema_migration and lets one runner in at a time.
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type pg from 'pg';
import { readSqlFiles } from './sql-files.ts';

/**
 * Applies what is not applied yet, all in one transaction.
 * @returns names of the migrations that ran now
 * @throws Error that names the migration that failed; nothing of the run is kept then
 */
export async function applyMigrations(client: pg.ClientBase, directory: string): Promise<string[]> {
  const files = await readSqlFiles(directory);
  for (const { name, text } of files) {
    if (/^\s*GRANT\s/im.test(text)) {
      throw new Error(`migrations/${name}.sql grants rights. Put GRANT into database/src/grants or at the end of a file in database/views: each run takes all rights back and sets them anew.`);
    }
  }
  const migrations = Object.fromEntries(files.map(({ name, text }) => [name, { up: async (db: Kysely<unknown>) => void (await sql.raw(text).execute(db)) }]));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: asPool(client) }) });
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableSchema: 'admin_center',
    migrationTableName: 'schema_migration',
    migrationLockTableName: 'schema_migration_lock',
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error');
    const where = failed === undefined ? 'The migrations cannot run' : `migrations/${failed.migrationName}.sql failed`;
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

/** Kysely asks for a pool; all of migrate() runs on one connection, so that its lock covers everything. */
function asPool(client: pg.ClientBase) {
  const query = client.query.bind(client);
  return { options: {}, connect: () => Promise.resolve({ query, release: () => undefined }), end: () => Promise.resolve() } as unknown as pg.Pool;
}
