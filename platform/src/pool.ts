// The PostgreSQL pool every service opens: bounded, with timeouts, and 64-bit integers read as numbers where they fit.
import pg from 'pg';

const INT8 = 20;
/** A server that hangs cannot cancel anything: so much later the client gives up by itself. */
const GRACE_MS = 2_000;

/** Gives the statements of a transaction that follow so many milliseconds; its connection waits as long for their answers. */
export const LIMIT_STATEMENTS = "SELECT set_config('statement_timeout', $1, true)";

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
    query_timeout: (options.statementTimeoutMs ?? 30_000) + GRACE_MS,
    keepAlive: true,
    // Linux would ask after two hours: until then who listens would hear nothing of a peer that a router has forgotten.
    keepAliveInitialDelayMillis: 10_000,
    options: settings.join(' '),
    types: types as pg.CustomTypesConfig,
  });
  // A connection that breaks (server restart) must not end the process, be it idle or in use between two statements; the
  // next query opens another.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  keepPatience(pool);
  return pool;
}

/**
 * Waits for an answer as long as PostgreSQL works on it, and ends a connection whose answer nobody waits for any more. A
 * server that was silent may yet do what it was asked: were that a BEGIN, all that follows on the connection would be in its
 * transaction and be lost with it, whatever was answered.
 */
function keepPatience(pool: pg.Pool): void {
  const patienceMs = new WeakMap<object, number>();
  pool.on('release', (_, client) => patienceMs.delete(client));
  pool.on('connect', (connected) => {
    const client = connected as pg.PoolClient & pg.Client;
    const query = client.query.bind(client) as (...given: readonly unknown[]) => unknown;
    client.query = ((...given: readonly unknown[]) => {
      const [text, values, ...more] = given;
      if (text === LIMIT_STATEMENTS) {
        patienceMs.set(client, Number((values as readonly unknown[])[0]) + GRACE_MS);
      }
      const own = patienceMs.get(client);
      const answer = own === undefined || typeof text !== 'string' ? query(...given) : query({ text, values, query_timeout: own }, undefined, ...more);
      if (answer instanceof Promise) {
        answer.catch(({ message }: Error) => (message === 'Query read timeout' ? client.end() : undefined));
      }
      return answer;
    }) as typeof client.query;
  });
}
