// The one error that handlers throw on purpose. Its code names the kind of problem for programs, its message tells a
// person what is wrong and what to do.

export interface FieldError {
  /** Where in the request, such as `body.reason`. */
  readonly path: string;
  readonly message: string;
}

export interface ErrorDetails {
  /** One line per field that does not hold. */
  readonly errors?: readonly FieldError[];
  /** Further members of the problem document, such as the fresh preview of a stale one. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** When a retry makes sense, in seconds from now. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** `code` is stable, in snake_case, and ends the problem's `type`; `status` is the HTTP status. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(code: string, status: number, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

export const denied = (code: string, message: string): AppError => new AppError(code, 403, message);
export const notFound = (what: string): AppError => new AppError('not_found', 404, `There is no such ${what}.`);
export const conflict = (code: string, message: string, extensions?: Readonly<Record<string, unknown>>): AppError =>
  new AppError(code, 409, message, extensions === undefined ? {} : { extensions });
export const unavailable = (code: string, message: string, retryAfterSeconds: number, cause?: unknown): AppError =>
  new AppError(code, 503, message, { retryAfterSeconds, cause });
