// One JSON logger per process; every line carries the service, request-bound children add the request id.
import pino from 'pino';

export type Logger = pino.Logger;

export function createLogger(service: string, level: string = 'info'): Logger {
  return pino({
    name: service,
    level,
    redact: { paths: ['req.headers.authorization', 'req.headers["x-grafana-id"]', 'req.headers.cookie', '*.password', '*.token'], censor: '***' },
    serializers: { err: pino.stdSerializers.err },
  });
}
