// What the people of Acme did with the Admin Center before the demo begins: written once, into our own schema, after it
// was migrated. The host's tables are load.ts's, the stream of events is events/load.ts's.
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Company } from './company.ts';
import { audit } from './audit.ts';
import { flags } from './flags.ts';
import { funnels } from './funnels.ts';
import { impersonation } from './impersonation.ts';
import { readCompany } from './mark.ts';
import { promotions } from './promotions.ts';
import type { HostTables } from './tables.ts';

export type Tx = Transaction<unknown>;

export interface Past {
  readonly name: string;
  /** Whether there is something already, of the demo or of somebody who tried things out. */
  isThere(tx: Tx): Promise<boolean>;
  /** The same company gives the same rows. */
  write(tx: Tx, company: Company): Promise<void>;
}

/** In the order in which they are written; the audit log tells what the others wrote. */
const PARTS: readonly Past[] = [impersonation, flags, promotions, funnels, audit];

/**
 * @param databaseUrl the owner of a migrated database; one without the demo company is left as it is
 * @returns the names of the parts that were written now
 */
export async function loadPast(databaseUrl: string): Promise<string[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  // A lost connection also fails the statement that runs, and that is where it is reported.
  pool.on('error', () => undefined);
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await database.transaction().execute(async (tx) => {
      const company = await readCompany(tx as unknown as Kysely<HostTables>);
      const written: string[] = [];
      for (const part of company === null ? [] : PARTS) {
        if (!(await part.isThere(tx))) {
          await part.write(tx, company as Company);
          written.push(part.name);
        }
      }
      return written;
    });
  } finally {
    await database.destroy();
  }
}
