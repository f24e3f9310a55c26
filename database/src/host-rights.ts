// Gives the API role its few rights on host tables, column by column, and makes sure that it really has them.
import type pg from 'pg';
import type { HostGrant } from '../hosts/cloudtolocalllm/adapter.ts';
import { ROLE_NAMES } from './roles.ts';

/** @throws Error with the GRANT statements for a DBA when the owner may not pass the rights on */
export async function grantHostColumns(client: pg.ClientBase, grants: readonly HostGrant[]): Promise<void> {
  const statements = grants.map(({ privilege, table, columns }) => `GRANT ${privilege} (${columns.join(', ')}) ON ${table} TO ${ROLE_NAMES.api};`);
  const failure = await client.query(statements.join('\n')).then(
    () => null,
    (error: unknown) => error,
  );
  // Without the right to pass a privilege on, PostgreSQL only warns; so the outcome is what counts.
  const wanted = grants.flatMap(({ privilege, table, columns }) => columns.map((column) => ({ privilege, table, column })));
  const { rowCount } = await client.query(
    `SELECT FROM jsonb_to_recordset($1) AS wanted (privilege text, "table" text, "column" text)
     WHERE NOT has_column_privilege($2, wanted.table, wanted.column, wanted.privilege)`,
    [JSON.stringify(wanted), ROLE_NAMES.api],
  );
  if (rowCount !== 0) {
    throw new Error(`The user of DATABASE_URL may not pass on rights on the host's tables. Let their owner or a DBA run:\n${statements.join('\n')}`, { cause: failure ?? undefined });
  }
}
