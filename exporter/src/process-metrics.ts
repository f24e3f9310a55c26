// How the exporter's own process is doing: prom-client's default metrics, appended to the business numbers.
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Gauges whose names end like counters; promtool refuses them. */
const MISNAMED = /^nodejs_active_\w+_total$/;

/** @returns the current text, in the Prometheus format */
export function createProcessMetrics(): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (MISNAMED.test(name)) {
      registry.removeSingleMetric(name);
    }
  }
  return () => registry.metrics();
}
