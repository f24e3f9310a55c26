// What the host adapter found. The collectors' own health, also declared in core, comes from run-collectors.ts.
import { core as capability } from '@admin-center/contracts/core';
import { type Collector, samplesOf } from '../collector.ts';

export const core: Collector = {
  name: 'core',
  capability: { ...capability, metrics: capability.metrics.filter((metric) => metric.name === 'admincenter_host_probe_found') },
  intervalSeconds: 60,
  timeoutMs: 10_000,
  present: ["SELECT 'probe' AS fact, 0 AS step, probe, found::integer AS delta FROM admin_center.probe_found"],
  steps: [],
  mayBeAbsent: ['admincenter_host_probe_found'],
  samples: (facts) => samplesOf('admincenter_host_probe_found', facts.totals('probe')),
};
