// Events as Stripe sends them, signed as it signs them: HMAC-SHA256 over the time, a dot and the body.
import { createHmac } from 'node:crypto';

export const WEBHOOK_SECRET = 'whsec_of_the_fake_endpoint';

export interface FakeEvent {
  readonly id: string;
  readonly type: string;
  readonly subjectId: string;
}

export const bodyOf = ({ id, type, subjectId }: FakeEvent, created = Math.floor(Date.now() / 1_000)): string =>
  JSON.stringify({ id, object: 'event', api_version: '2026-10-28.endive', created, livemode: false, pending_webhooks: 1, request: null, type, data: { object: { id: subjectId } } }, null, 2);

export function signatureOf(body: string, at: number, secret = WEBHOOK_SECRET): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

/** @param offset seconds that the clock of the sender is ahead */
export async function deliver(baseUrl: string, event: FakeEvent, { secret = WEBHOOK_SECRET, offset = 0, tamper = (body: string) => body } = {}): Promise<number> {
  const body = bodyOf(event);
  const signature = signatureOf(body, Math.floor(Date.now() / 1_000) + offset, secret);
  const response = await fetch(`${baseUrl}/webhooks/stripe`, { method: 'POST', headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }, body: tamper(body) });
  await response.arrayBuffer();
  return response.status;
}
