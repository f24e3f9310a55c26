// The alerts in a webhook of Alertmanager or Grafana that name a flag. Both send the same form; what else is in it is
// left alone.
import { createHash } from 'node:crypto';
import { flagKey } from '@admin-center/contracts/flags-definition';
import { z } from 'zod';
import { AppError } from '../../../platform/errors.ts';

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).default({}),
  startsAt: z.iso.datetime({ offset: true }),
  fingerprint: z.string().min(1).max(200),
});
const webhook = z.object({ alerts: z.array(alert).max(1_000) });

export interface FlagAlert {
  /** The same for every delivery of one firing of one alert. */
  readonly eventId: string;
  readonly flag: string;
  /** Null: whichever variant ramps. */
  readonly variant: string | null;
  readonly alertName: string;
  readonly summary: string;
  readonly startsAt: string;
}

/** @throws AppError 400 or 422 for a body of another form; alerts without the label `flag`, and those that ended, are passed over */
export function flagAlertsIn(body: Buffer): readonly FlagAlert[] {
  const parsed = webhook.safeParse(parse(body));
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({ path: ['body', ...issue.path].join('.'), message: issue.message }));
    throw new AppError('body_invalid', 422, 'This is not what Alertmanager or Grafana send to a webhook.', { errors });
  }
  return parsed.data.alerts.flatMap(({ status, labels, annotations, startsAt, fingerprint }) => {
    const flag = flagKey.safeParse(labels['flag']);
    return status === 'firing' && flag.success
      ? [{
          eventId: createHash('sha256').update(JSON.stringify([fingerprint, startsAt])).digest('hex'),
          flag: flag.data,
          variant: labels['variant'] ?? null,
          alertName: (labels['alertname'] ?? 'unnamed').slice(0, 200),
          summary: (annotations['summary'] ?? '').slice(0, 500),
          startsAt,
        }]
      : [];
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AppError('body_malformed', 400, 'The body is not valid JSON.');
  }
}
