// What went wrong with a call, in the terms the pages care about. The API answers problem+json (RFC 9457); Grafana's proxy
// answers plain JSON of its own when it stops a request.
export type ApiErrorKind =
  /** 403: the role may not. */
  | 'denied'
  /** 404: no such thing. */
  | 'missing'
  /** 409: what the request was based on has changed. */
  | 'conflict'
  /** 400 or 422: the input is wrong. */
  | 'invalid'
  /** 429: too many requests. */
  | 'limited'
  /** No answer from the actions API, or from Grafana itself. */
  | 'unreachable'
  /** The answer does not have the shape this version knows. */
  | 'mismatch'
  | 'failed';

export interface FieldError {
  path: string;
  message: string;
}

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Stable problem code of the API, where it gave one. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  /** Further members of the problem document, such as the fresh preview of a stale one. */
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    kind: ApiErrorKind,
    message: string,
    details: { status?: number; code?: string; requestId?: string; errors?: readonly FieldError[]; extensions?: Readonly<Record<string, unknown>> } = {}
  ) {
    super(message);
    this.name = 'ApiError';
    this.kind = kind;
    this.status = details.status ?? 0;
    this.code = details.code;
    this.requestId = details.requestId;
    this.errors = details.errors ?? [];
    this.extensions = details.extensions ?? {};
  }
}

const KINDS: Readonly<Record<number, ApiErrorKind>> = { 400: 'invalid', 403: 'denied', 404: 'missing', 409: 'conflict', 422: 'invalid', 429: 'limited', 502: 'unreachable', 503: 'unreachable', 504: 'unreachable' };

const SENTENCES: Readonly<Record<ApiErrorKind, string>> = {
  denied: 'Your role may not do this.',
  missing: 'This does not exist, or not any more.',
  conflict: 'This has changed since you looked at it.',
  invalid: 'The input was not accepted.',
  limited: 'Too many requests; wait a minute and try again.',
  unreachable: 'The actions API does not answer. Check that it runs and that its address is right in the configuration.',
  mismatch: 'The actions API answered in a form this version of the plugin does not know. Update both to the same version.',
  failed: 'The request failed.',
};

interface Problem {
  detail?: string;
  message?: string;
  title?: string;
  code?: string;
  requestId?: string;
  errors?: FieldError[];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Text responses (CSV) carry their problem as text. */
function problemOf(data: unknown): Problem {
  if (typeof data === 'string' && data.startsWith('{')) {
    try {
      return problemOf(JSON.parse(data));
    } catch {
      return {};
    }
  }
  return isRecord(data) ? data : {};
}

/** Turns whatever `getBackendSrv().fetch` threw into an ApiError; aborted requests stay what they are. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (!isRecord(error) || typeof error.status !== 'number') {
    return new ApiError('unreachable', SENTENCES.unreachable);
  }
  const problem = problemOf(error.data);
  const kind = error.status === 0 ? 'unreachable' : (KINDS[error.status] ?? 'failed');
  // Grafana's proxy has texts of its own ("plugin proxy route access denied") that help nobody who reads a page.
  const fromApi = problem.code !== undefined || problem.detail !== undefined;
  return new ApiError(kind, (fromApi && (problem.detail || problem.message || problem.title)) || SENTENCES[kind], {
    status: error.status,
    code: problem.code,
    requestId: problem.requestId,
    errors: problem.errors,
    extensions: { ...problem },
  });
}

export const isAborted = (error: unknown): boolean =>
  isRecord(error) && (error.cancelled === true || error.name === 'AbortError' || error.type === 'cancelled');

export const mismatch = (): ApiError => new ApiError('mismatch', SENTENCES.mismatch);
