// How a service itself behaves, as OpenTelemetry metrics on a port of their own (DESIGN.md section 4).
import { metrics, type Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { HostMetrics } from '@opentelemetry/host-metrics';
import { NodeSDK, resources } from '@opentelemetry/sdk-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';

export interface Telemetry {
  readonly meter: Meter;
  close(): Promise<void>;
}

/** Serves `http://host:port/metrics`. Names follow the semantic conventions, so `http.server.request.duration` becomes `http_server_request_duration_seconds`. */
export async function startTelemetry(service: string, host: string, port: number): Promise<Telemetry> {
  const reader = new PrometheusExporter({ host, port, preventServerStart: true, withoutScopeInfo: true });
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({ [ATTR_SERVICE_NAME]: service }),
    metricReaders: [reader],
    instrumentations: [],
    traceExporter: undefined,
    autoDetectResources: false,
  });
  sdk.start();
  await reader.startServer();
  const hostMetrics = new HostMetrics({ meterProvider: metrics.getMeterProvider(), metricGroups: ['process.cpu', 'process.memory'] });
  hostMetrics.start();
  return { meter: metrics.getMeter(service), close: () => sdk.shutdown() };
}
