// Refuses paths that Grafana's proxy and Express could read differently: it forwards them decoded and does not clean them.
import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../errors.ts';

/** Dot segments, empty segments, backslashes, control characters, and any percent-encoding: no path of ours needs one. */
const AMBIGUOUS = /(^|\/)\.{1,2}(\/|$)|\/\/|[\\%]|[\u0000-\u001f\u007f]/;

export function guardPath(request: Request, _response: Response, next: NextFunction): void {
  const path = request.url.split('?', 1)[0] ?? '';
  if (AMBIGUOUS.test(path)) {
    next(new AppError('path_invalid', 400, 'The path must not hold dot segments, empty segments, backslashes or percent-encoded characters.'));
    return;
  }
  next();
}
