// One read of the database as it was at one instant: a read-only REPEATABLE READ transaction under a deadline.
import type pg from 'pg';

/** PostgreSQL cancels first, where it answers at all. */
const GRACE_MS = 1_000;
const CONNECTION_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE', '57P01', '57P02', '57P03']);

/**
 * @param timeoutMs after it PostgreSQL cancels the statement; where it does not answer at all, the connection is closed
 * @throws what the work throws, or an Error that says that it took too long
 */
export async function inSnapshot<T>(pool: pg.Pool, timeoutMs: number, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks says so by an event too; the query that fails is what counts.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  let released = false;
  const release = (error?: Error): void => {
    if (released) {
      return;
    }
    released = true;
    if (error === undefined) {
      client.removeListener('error', ignore);
    }
    client.release(error);
  };
  let overdue: Error | undefined;
  const deadline = setTimeout(() => {
    overdue = new Error(`no answer from the database within ${timeoutMs} ms`);
    release(overdue);
  }, timeoutMs + GRACE_MS);

  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Months of rows are sorted in memory; compiling such a query would take longer than running it.
    // While one part of history is computed, the answers of others wait, and with them their transactions.
    await client.query("SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true), set_config('jit', 'off', true), set_config('work_mem', '64MB', true)", [String(timeoutMs)]);
    const result = await work(client);
    await client.query('COMMIT');
    release();
    return result;
  } catch (error) {
    // A fresh connection is cheaper than finding out what state this one is in.
    release(error instanceof Error ? error : new Error(String(error)));
    throw overdue ?? error;
  } finally {
    clearTimeout(deadline);
  }
}

/** True when the database could not be reached or went away, as opposed to a query that failed. */
export function isConnectionError(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return CONNECTION_ERRORS.has(code) || code.startsWith('08') || /connection terminated|timeout exceeded when trying to connect|no answer from the database/i.test(message);
}
