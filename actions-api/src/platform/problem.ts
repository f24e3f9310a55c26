// Every answer that is not a success: problem+json of RFC 9457 with a stable `type`, the request id, and a `message`
// for Grafana's toasts.
import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';
import { explainDatabaseError } from './database-errors.ts';
import { AppError, type FieldError } from './errors.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
  readonly errors?: readonly FieldError[];
}

/** Errors that Express's own body parser throws; their `type` names the cause. */
const BODY_ERRORS: Readonly<Record<string, readonly [code: string, status: number, message: string]>> = {
  'entity.parse.failed': ['body_malformed', 400, 'The body is not valid JSON.'],
  'entity.too.large': ['body_too_large', 413, 'The body is larger than this endpoint takes.'],
  'encoding.unsupported': ['body_encoding', 415, 'The body has an encoding this endpoint does not take.'],
  'charset.unsupported': ['body_encoding', 415, 'The body must be UTF-8.'],
  'request.aborted': ['request_aborted', 400, 'The request ended before its body was complete.'],
  'request.size.invalid': ['body_malformed', 400, 'The body has another length than its Content-Length.'],
};

/** Brings any error into the form that is answered; what nobody expected becomes a 500 that tells nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const { type, limit } = (error ?? {}) as { type?: unknown; limit?: unknown };
  const body = BODY_ERRORS[String(type)];
  if (body !== undefined) {
    const [code, status, message] = body;
    return new AppError(code, status, code === 'body_too_large' && typeof limit === 'number' ? `The body is larger than the ${limit / 1_024} KiB that this endpoint takes.` : message);
  }
  if (isUnzipError(error)) {
    return new AppError('body_malformed', 400, 'The body is not whole, or not compressed as its Content-Encoding says.');
  }
  return explainDatabaseError(error) ?? new AppError('internal', 500, 'Something went wrong on our side. The request id finds it in the log.', { cause: error });
}

/** The body parser hands on what zlib threw, with the status that it means and no type. */
function isUnzipError(error: unknown): boolean {
  const { status, code } = (error ?? {}) as { readonly status?: unknown; readonly code?: unknown };
  return status === 400 && typeof code === 'string' && /^(Z_|ERR_(?:BROTLI|_|ZSTD|ZLIB))/.test(code);
}

export function problemOf(error: AppError, requestId: string): Problem {
  return {
    ...error.details.extensions,
    type: `urn:admin-center:problem:${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    requestId,
    message: error.message,
    ...(error.details.errors === undefined ? {} : { errors: error.details.errors }),
  };
}

export function sendProblem(response: Response, error: AppError, requestId: string): void {
  if (response.headersSent) {
    // Part of a stream has left already: only breaking the connection tells the client that it is not whole.
    response.destroy();
    return;
  }
  if (error.details.retryAfterSeconds !== undefined) {
    response.set('Retry-After', String(Math.max(1, Math.ceil(error.details.retryAfterSeconds))));
  }
  response.status(error.status).type('application/problem+json').send(JSON.stringify(problemOf(error, requestId)));
}
