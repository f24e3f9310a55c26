// The exporter put together: pool, collectors, HTTP and telemetry.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import type { Service } from '@admin-center/platform/run';
import { startTelemetry } from '@admin-center/platform/telemetry';
import { collectors } from './collectors.ts';
import type { Config } from './config.ts';
import { createExposition } from './exposition.ts';
import { createProcessMetrics } from './process-metrics.ts';
import { runCollectors } from './run-collectors.ts';
import { type Answered, createExporterServer } from './server.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** Bounds of the semantic conventions, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export async function startExporter(config: Config, log: Logger): Promise<Service> {
  const telemetry = await startTelemetry('admin-exporter', config.HOST, config.TELEMETRY_PORT);
  const duration = telemetry.meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Duration of HTTP requests that the exporter answered, in seconds.',
    advice: { explicitBucketBoundaries: BOUNDS },
  });
  const answered = ({ method, route, status, seconds }: Answered): void =>
    duration.record(seconds, {
      'http.request.method': METHODS.has(method) ? method : '_OTHER',
      'http.response.status_code': status,
      ...(route === undefined ? {} : { 'http.route': route }),
    });

  const pool = createPool({
    connectionString: config.DATABASE_URL,
    applicationName: 'admin-center-exporter',
    max: collectors.length,
    // Each collector sets its own, shorter one.
    statementTimeoutMs: Math.max(...collectors.map(({ timeoutMs }) => timeoutMs)) + 5_000,
    readOnly: true,
  });
  const exposition = createExposition();
  const running = runCollectors({ pool, collectors, exposition, log, clock: systemClock, random: Math.random, appendix: createProcessMetrics() });
  const server = createExporterServer({ exposition, notReady: running.notReady, answered });
  const close = async (): Promise<void> => {
    server.close();
    server.closeIdleConnections();
    await running.stop();
    await pool.end();
    await telemetry.close();
  };

  server.listen(config.PORT, config.HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    await close();
    throw error;
  }
  return { port: (server.address() as AddressInfo).port, close };
}
