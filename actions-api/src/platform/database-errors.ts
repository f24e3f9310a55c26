// What an error of PostgreSQL or of the connection to it means for the person who sent the request.
import { AppError, conflict, notFound, unavailable } from './errors.ts';

/** Errors of the socket, and PostgreSQL telling that it stops, starts, takes no further connection, or refuses the role. */
const CONNECTION_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  '57P01', '57P02', '57P03', '57P05', '53300', '25P03', '28000', '28P01', '3D000',
]);
/** The severity with which PostgreSQL ends a connection or opens none, whatever the code. */
const ENDS_CONNECTION = 'FATAL';
/** The class of insufficient resources; too many connections, which is one of them, stands above. */
const NO_ROOM = '53';
/** Errors of the driver carry no code, only these words. */
const CONNECTION_WORDS = /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error|client was closed|query read timeout/i;

const partsOf = (error: unknown): { readonly code: string; readonly message: string; readonly severity: unknown } => {
  const { code, message, severity } = (error ?? {}) as { code?: unknown; message?: unknown; severity?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : '', severity };
};

/** The database cannot be reached, or the connection broke: whether a write was committed is not known. */
export function isDisconnected(error: unknown): boolean {
  const { code, message, severity } = partsOf(error);
  return severity === ENDS_CONNECTION || CONNECTION_CODES.has(code) || code.startsWith('08') || CONNECTION_WORDS.test(message);
}

/** @returns the error to answer with, or null when this is no expected error of the database */
export function explainDatabaseError(error: unknown): AppError | null {
  if (isDisconnected(error)) {
    return unavailable('database_unavailable', 'The database cannot be reached right now. Nothing is lost: try again in a few seconds.', 5, error);
  }
  const { code, message } = partsOf(error);
  switch (code) {
    case 'AC404':
      return notFound('user');
    case 'AC409':
      return conflict('state_conflict', message);
    case 'AC503':
      return unavailable('erasure_key_missing', message, 60, error);
    case '25006':
      return unavailable('database_read_only', 'The database takes no changes right now, as while another server takes its place. Nothing was changed: try again.', 10, error);
    case '57014':
      return unavailable('database_slow', 'The database took too long to answer. Narrow the request or try again.', 10, error);
    case '55P03':
    case '40001':
    case '40P01':
      return unavailable('database_busy', 'Another change of the same rows is under way. Try again.', 1, error);
    case '42501':
      return new AppError('database_privilege_missing', 500, 'The API lacks a right in the database. Run the migration again; it renews the grants.', { cause: error });
    default:
      return code.startsWith(NO_ROOM) ? unavailable('database_full', 'The database has no room on its disk or in its memory. Nothing was changed: try again.', 30, error) : null;
  }
}
