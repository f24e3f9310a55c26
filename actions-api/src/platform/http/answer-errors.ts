// The last handler: whatever was thrown leaves as a problem document, and what is our fault is logged.
import type { Logger } from '@admin-center/platform/log';
import type { ErrorRequestHandler } from 'express';
import type {} from 'pino-http';
import { sendProblem, toAppError } from '../problem.ts';

export const answerErrors = (log: Logger): ErrorRequestHandler => (error: unknown, request, response, _next) => {
  const problem = toAppError(error);
  if (problem.status >= 500) {
    (request.log ?? log).error({ err: problem.details.cause ?? problem, code: problem.code }, problem.message);
  }
  sendProblem(response, problem, String(request.id));
};
