// How long audited actions take, as the contract of the audit log describes it; the recorders of requests and jobs share it.
import { audit } from '@admin-center/contracts/audit';
import type { Telemetry } from '@admin-center/platform/telemetry';
import type { Histogram } from '@opentelemetry/api';

const NAME = 'admincenter_action_duration_seconds';

export function actionDuration(meter: Telemetry['meter']): Histogram {
  const metric = audit.metrics.find(({ name }) => name === NAME);
  return meter.createHistogram(NAME, { description: metric?.help ?? '', advice: { explicitBucketBoundaries: metric !== undefined && 'buckets' in metric ? [...metric.buckets] : [] } });
}
