// One JSON logger per process; every line carries the service, request-bound children add the request id.
import pino from 'pino';

export type Logger = pino.Logger;

/** What PostgreSQL quotes of rows and statements: reasons, addresses. Code, constraint and table say enough. */
const QUOTED = ['detail', 'where', 'internalQuery', 'query', 'parameters'] as const;

function describeError(error: Error): unknown {
  const described = pino.stdSerializers.err(error) as unknown as Record<string, unknown> | null;
  return described === null || typeof described !== 'object' ? described : Object.fromEntries(Object.entries(described).filter(([name]) => !(QUOTED as readonly string[]).includes(name)));
}

/** @param destination where lines go instead of the standard output */
export function createLogger(service: string, level: string = 'info', destination?: pino.DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    name: service,
    level,
    redact: { paths: ['req.headers.authorization', 'req.headers["x-grafana-id"]', 'req.headers.cookie', '*.password', '*.token'], censor: '***' },
    serializers: { err: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
