// The histogram of how long sessions lasted, as the contract declares it.
import { impersonation } from '@admin-center/contracts/impersonation';
import type { Histogram, Meter } from '@opentelemetry/api';

const NAME = 'admincenter_impersonation_session_duration_seconds';

export function sessionDuration(meter: Meter): Histogram {
  const metric = impersonation.metrics.find(({ name }) => name === NAME);
  const buckets = metric !== undefined && 'buckets' in metric ? [...metric.buckets] : [];
  return meter.createHistogram(NAME, { description: metric?.help ?? '', advice: { explicitBucketBoundaries: buckets } });
}
