// The API's way to PostgreSQL: Kysely over the shared pool, for its tagged templates and its transactions.
import { LIMIT_STATEMENTS } from '@admin-center/platform/pool';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import type pg from 'pg';

/** Tables are not typed here: every query states the shape of its rows. */
export type Database = Kysely<unknown>;
export type Tx = Transaction<unknown>;
/** Either of them; for reads that run inside or outside of a transaction. */
export type Queryable = Database | Tx;

export const createDatabase = (pool: pg.Pool): Database => new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });

/** A read that sees one instant, however many statements it takes and however long they run (milliseconds at most). */
export const readSnapshot = <T>(database: Database, timeoutMs: number, read: (tx: Tx) => Promise<T>): Promise<T> =>
  database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await limitStatements(tx, timeoutMs);
      return read(tx);
    });

/** For the rest of the transaction. */
export const limitStatements = (tx: Tx, timeoutMs: number): Promise<unknown> =>
  tx.executeQuery(CompiledQuery.raw(LIMIT_STATEMENTS, [String(timeoutMs)]));

/** The clock that all replicas share, however far their own are off. */
export async function databaseTime(database: Queryable): Promise<Date> {
  const { rows: [row] } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(database);
  return (row as { now: Date }).now;
}
