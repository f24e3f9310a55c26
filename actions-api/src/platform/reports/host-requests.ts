// What hosts report about their own requests, as counters of this process.
import { core, HOST_ROUTES_MAX, STATUS_CLASSES } from '@admin-center/contracts/core';
import type { Meter } from '@opentelemetry/api';
import type { ReportedRequests } from './schema.ts';

const helpOf = (name: string): string => core.metrics.find((metric) => metric.name === name)?.help ?? '';

/** @returns counts the rows of a report; routes beyond the maximum of series become `other` */
export function countHostRequests(meter: Meter): (rows: readonly ReportedRequests[]) => void {
  const counter = (name: string) => meter.createCounter(name, { description: helpOf(name) });
  const requests = counter('admincenter_host_requests_total');
  const seconds = counter('admincenter_host_request_seconds_total');
  const routes = new Set<string>();
  const labelOf = (route: string): string => {
    if (routes.size < HOST_ROUTES_MAX) {
      routes.add(route);
    }
    return routes.has(route) ? route : 'other';
  };
  return (rows) => {
    for (const { route, status, count, durationSeconds } of rows) {
      const label = labelOf(route);
      requests.add(count, { route: label, status: STATUS_CLASSES[Math.floor(status / 100) - 1] as string });
      seconds.add(durationSeconds, { route: label });
    }
  };
}
