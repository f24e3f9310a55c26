// Steps of an impersonation as tests take them: an admin asks, a host exchanges, somebody ends.
import type { ImpersonationSession } from '@admin-center/contracts/impersonation';
import type { TestApi } from './api.ts';
import type { Answer, Client } from './client.ts';

export const REASON = 'The invoice page stays empty for them.';
export const asked = (userId: string, more: Readonly<Record<string, unknown>> = {}) => ({ userId, reason: REASON, reasonClass: 'support_request', ...more });

export interface RequestedBody {
  readonly session: ImpersonationSession;
  readonly code: string;
  readonly handOffUrl: string | null;
  readonly auditSequence: number;
}

export interface ExchangedBody {
  readonly token: string;
  readonly session: { readonly id: string; readonly scope: string; readonly startedAt: string; readonly endsAt: string; readonly hardEndsAt: string; readonly banner: string };
}

export const ask = (client: Client, userId: string, more: Readonly<Record<string, unknown>> = {}): Promise<Answer> => client.post('/api/v1/impersonation/sessions', asked(userId, more));

/** As the host's server would call. */
export async function callHost(api: TestApi, key: string, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${api.baseUrl}/sdk/v1/impersonation/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

/** @throws Error unless the whole way succeeded */
export async function startImpersonation(api: TestApi, client: Client, key: string, userId: string, more: Readonly<Record<string, unknown>> = {}): Promise<ExchangedBody> {
  const requested = await ask(client, userId, more);
  const exchanged = await callHost(api, key, 'exchange', { code: (requested.body as RequestedBody).code });
  if (requested.status !== 200 || exchanged.status !== 200) {
    throw new Error(`No session: ${JSON.stringify([requested.body, exchanged.body])}`);
  }
  return exchanged.body as ExchangedBody;
}
