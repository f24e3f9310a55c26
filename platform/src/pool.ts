// The PostgreSQL pool every service opens: bounded, with timeouts, and 64-bit integers read as numbers where they fit.
import pg from 'pg';

const INT8 = 20;

/** Parses bigint columns; counts and minor units fit a double, anything larger is an error and not a wrong number. */
function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`bigint ${text} does not fit a number; select it as text`);
  }
  return value;
}

export interface PoolOptions {
  readonly connectionString: string;
  readonly applicationName: string;
  /** Connections at most. */
  readonly max?: number;
  /** Milliseconds to wait for a connection, a new one or a free one; 5 s, as nobody waits longer for an answer. */
  readonly waitMs?: number;
  /** Milliseconds after which PostgreSQL cancels a statement. */
  readonly statementTimeoutMs?: number;
  /** The role is refused every write, whatever its grants say. */
  readonly readOnly?: boolean;
}

export function createPool(options: PoolOptions): pg.Pool {
  const settings = [
    '-c search_path=admin_center,pg_catalog',
    '-c timezone=UTC',
    '-c idle_in_transaction_session_timeout=30000',
    ...(options.readOnly === true ? ['-c default_transaction_read_only=on'] : []),
  ];
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === INT8 && format !== 'binary' ? parseBigint : pg.types.getTypeParser(oid, format)) };
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.waitMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    // A server that hangs cannot cancel anything: then the client gives up by itself.
    query_timeout: (options.statementTimeoutMs ?? 30_000) + 2_000,
    keepAlive: true,
    options: settings.join(' '),
    types: types as pg.CustomTypesConfig,
  });
  // A connection that breaks (server restart) must not end the process, be it idle or in use between two statements; the
  // next query opens another.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    endWhenSilent(client as pg.PoolClient & pg.Client);
  });
  return pool;
}

/**
 * A server that was silent may yet carry out what nobody waits for any more. Were that a BEGIN, all that follows on the
 * connection would be in its transaction and be lost with it, though each answer says that it is done.
 */
function endWhenSilent(client: pg.Client): void {
  const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
  client.query = ((...given: readonly unknown[]) => {
    const answer = query(...given);
    if (answer instanceof Promise) {
      answer.catch(({ message }: Error) => (message === 'Query read timeout' ? client.end() : undefined));
    }
    return answer;
  }) as typeof client.query;
}
