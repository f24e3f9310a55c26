// What must be true of a database before anything is changed in it; each check fails with one message that says what to do.
import pg from 'pg';
import type { HostAdapter } from '../hosts/cloudtolocalllm/adapter.ts';

const OLDEST_VERSION = 15;

/** Connects as the owner, or says why that is not possible. */
export async function connectOwner(databaseUrl: string): Promise<pg.Client> {
  if (!URL.canParse(databaseUrl)) {
    throw new Error('DATABASE_URL is not a URL. Write it as postgresql://user:password@host:5432/database, special characters percent-encoded.');
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'admin-center-migrate',
    connectionTimeoutMillis: 10_000,
    options: '-c timezone=UTC -c client_min_messages=warning',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Error(explainConnection(databaseUrl, error), { cause: error });
  }
}

function explainConnection(databaseUrl: string, error: unknown): string {
  const { host, pathname, username } = new URL(databaseUrl);
  const where = `DATABASE_URL (database ${pathname.slice(1)} on ${host} as ${username})`;
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case '28P01':
    case '28000':
      return `${where}: the server does not let this user in: ${message}. Check user, password and pg_hba.conf.`;
    case '3D000':
      return `${where}: there is no such database on the server. Check the name at the end of DATABASE_URL.`;
    case '53300':
      return `${where}: the server has no connection left. Close some, or raise max_connections.`;
    default:
      return `${where} cannot be reached: ${message || code || 'no answer'}. Check that PostgreSQL runs there and that this machine may connect.`;
  }
}

/** @param version `server_version_num`, such as 150014 */
export function checkVersion(version: number): void {
  const major = Math.trunc(version / 10_000);
  if (major < OLDEST_VERSION) {
    throw new Error(`PostgreSQL ${major} is too old: version ${OLDEST_VERSION} or newer is needed. Upgrade the server (pg_upgrade), then run this again.`);
  }
}

/** @throws Error on the first thing that is missing, with the SQL that gives it */
export async function checkDatabase(client: pg.ClientBase, host: HostAdapter): Promise<void> {
  const { rows } = await client.query<{ version: number; database: string; owner: string; may_create: boolean; schema_is_ours: boolean | null }>(`
    SELECT current_setting('server_version_num')::integer AS version, quote_ident(current_database()) AS database, quote_ident(current_user) AS owner,
      has_database_privilege(current_database(), 'CREATE') AS may_create,
      (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'admin_center') AS schema_is_ours`);
  const [found] = rows as [(typeof rows)[number]];
  checkVersion(found.version);
  await checkHostTables(client, host, found.owner);
  if (found.schema_is_ours === false) {
    throw new Error(`The schema admin_center belongs to another user than ${found.owner}. Use that user in DATABASE_URL, or let a DBA run: ALTER SCHEMA admin_center OWNER TO ${found.owner};`);
  }
  if (!found.may_create) {
    throw new Error(`The user of DATABASE_URL may not make the schemas of the Admin Center. Let a DBA run: GRANT CREATE ON DATABASE ${found.database} TO ${found.owner};`);
  }
}

async function checkHostTables(client: pg.ClientBase, host: HostAdapter, owner: string): Promise<void> {
  const needed = Object.entries(host.requires).flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
  const { rows } = await client.query<{ table: string; columns: string[] | null; readable: boolean | null }>(
    `SELECT needed.table, to_regclass(needed.table) IS NOT NULL AND has_table_privilege(to_regclass(needed.table), 'SELECT') AS readable,
       array_agg(needed.column ORDER BY needed.column) FILTER (WHERE a.attname IS NULL) AS columns
     FROM jsonb_to_recordset($1) AS needed ("table" text, "column" text)
     LEFT JOIN pg_attribute a ON a.attrelid = to_regclass(needed.table) AND a.attname = needed.column AND a.attnum > 0 AND NOT a.attisdropped
     GROUP BY needed.table ORDER BY needed.table`,
    [JSON.stringify(needed)],
  );
  const lacking = rows.filter((row) => row.columns !== null);
  if (lacking.length > 0) {
    const list = lacking.map((row) => (row.columns?.length === host.requires[row.table]?.length ? row.table : `${row.table} (${row.columns?.join(', ')})`));
    throw new Error(
      `This is not a database of ${host.title}, or its own migrations have not run: there is no ${list.join(', no ')}. ` +
        'Point DATABASE_URL at the main database of the host, or leave it unset for the demo.',
    );
  }
  const unreadable = rows.filter((row) => row.readable !== true).map((row) => row.table);
  if (unreadable.length > 0) {
    throw new Error(`The user of DATABASE_URL may not read the host's tables. Let a DBA run: GRANT SELECT ON ${unreadable.join(', ')} TO ${owner};`);
  }
}
