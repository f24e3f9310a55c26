// Whether a webhook was sent by whom it says: Alertmanager shows a secret, Grafana signs what it sends. Compared are
// digests, so that neither content nor length of a secret shows in the time it takes.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../../platform/errors.ts';

/** How far a signed time may be from ours, in seconds. */
const TOLERANCE_S = 300;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));
const refuse = (code: string, message: string): AppError => new AppError(code, 401, message);

/** As `http_config` of Alertmanager sends it: a bearer token, or the password of basic authentication under any user name. @throws AppError 401 */
export function checkAlertmanager(authorization: string | undefined, secret: string): void {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
  const shown = scheme.toLowerCase() === 'basic' ? passwordOf(credentials) : scheme.toLowerCase() === 'bearer' ? credentials : '';
  if (!isSame(shown, secret)) {
    throw refuse('webhook_secret_invalid', 'The secret is missing or wrong. Alertmanager sends WEBHOOK_SECRET_ALERTMANAGER as bearer token or basic password, see http_config.');
  }
}

const passwordOf = (credentials: string): string => {
  const [, ...password] = Buffer.from(credentials, 'base64').toString().split(':');
  return password.join(':');
};

export interface GrafanaSignature {
  readonly signature: string | undefined;
  /** Value of the timestamp header; null when Grafana is not told to send one. */
  readonly timestamp: string | undefined | null;
}

/** The signature is HMAC-SHA256 in bare lower-case hex, over the body or over `timestamp:body`. @throws AppError 401 */
export function checkGrafana({ signature = '', timestamp }: GrafanaSignature, body: Buffer, secret: string, now: Date): void {
  const hmac = createHmac('sha256', secret);
  if (timestamp !== null) {
    hmac.update(`${timestamp ?? ''}:`);
  }
  if (!isSame(signature, hmac.update(body).digest('hex'))) {
    throw refuse('webhook_signature_invalid', 'The header X-Grafana-Alerting-Signature is missing or does not fit this body and WEBHOOK_SECRET_GRAFANA.');
  }
  if (timestamp !== null && !(Math.abs(now.getTime() / 1_000 - Number(timestamp)) <= TOLERANCE_S && /^\d+$/.test(timestamp ?? ''))) {
    throw refuse('webhook_timestamp_invalid', `The signed time is missing or more than ${TOLERANCE_S / 60} minutes from ours. Compare the clocks.`);
  }
}
