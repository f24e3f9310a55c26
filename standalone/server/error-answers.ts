// The last handler: an error becomes an answer that says what the caller may know, and a log line with the rest.
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '@admin-center/platform/log';

export const errorAnswers =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const { status, expose, message } = toHttpError(error);
    if (status >= 500) {
      log.error({ err: error, method: req.method, path: req.path }, 'request failed');
    }
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(status).json({ message: expose ? message : 'Internal server error' });
  };

/** Express and its parsers mark what a caller may see; everything else stays in the log. */
function toHttpError(error: unknown): { status: number; expose: boolean; message: string } {
  if (!(error instanceof Error)) {
    return { status: 500, expose: false, message: '' };
  }
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  return { status, expose: status < 500, message: error.message };
}
