// Sends events to an API as an SDK would, and looks at what became of them.
import { randomUUID } from 'node:crypto';

export interface EventAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly success: boolean; readonly accepted: number; readonly code?: string; readonly results: readonly { readonly index: number; readonly messageId: string | null; readonly result: string; readonly message?: string }[] };
}

export const track = (event: string, more: Readonly<Record<string, unknown>> = {}) => ({ type: 'track', event, messageId: randomUUID(), anonymousId: randomUUID(), timestamp: new Date().toISOString(), ...more });

export async function sendEvents(baseUrl: string, key: string, body: unknown, path = 'batch', headers: Readonly<Record<string, string>> = {}): Promise<EventAnswer> {
  const response = await fetch(`${baseUrl}/ingest/segment/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as EventAnswer['body'] };
}
