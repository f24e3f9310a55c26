// One log line per request, with the request id that problems carry too.
import { randomUUID } from 'node:crypto';
import type { Logger } from '@admin-center/platform/log';
import type { Response } from 'express';
import { pinoHttp } from 'pino-http';

/** Neither query nor body is logged: they hold addresses and reasons. */
export const requestLog = (log: Logger) =>
  pinoHttp({
    logger: log,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && /^[\w.-]{8,100}$/.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    quietReqLogger: true,
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, path: url.split('?', 1)[0] }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    // The error itself is logged where it is answered, with its cause.
    customErrorObject: (_request, _response, _error, line: object) => ({ ...line, err: undefined }),
    customErrorMessage: () => 'request failed',
    customProps: (_request, response) => ({ subject: (response as Response).locals?.['subject'] as string | undefined }),
    customLogLevel: (request, response, error) =>
      error !== undefined || response.statusCode >= 500 ? 'error' : request.url === '/healthz' || request.url === '/readyz' ? 'trace' : 'info',
  });
