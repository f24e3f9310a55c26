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
    customProps: (_request, response) => propsOf((response as Response).locals?.['subject'] as string | undefined),
    customLogLevel: ({ url = '' }, { statusCode }, error) =>
      error !== undefined || statusCode >= 500 ? 'error' : url === '/healthz' || url === '/readyz' ? 'trace' : statusCode < 400 && url.startsWith(EVENTS) ? 'debug' : 'info',
  });

/** Events are counted; a line for each of their requests was a tenth of what a small one costs. */
const EVENTS = '/ingest/segment/';

/** Each object becomes a logger of its own; nobody is the subject of most requests. */
const propsOf = (subject: string | undefined): object => (subject === undefined ? NONE : { subject });
const NONE = undefined as unknown as object;
