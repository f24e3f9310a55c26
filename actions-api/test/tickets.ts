// The ticket that a person holds whose write was refused for want of an approval.
import { randomUUID } from 'node:crypto';
import { type Approvable, requireApproval } from '../src/platform/approvals.ts';
import type { AppError } from '../src/platform/errors.ts';
import type { TestApi } from './api.ts';

export const SUMMARY = 'Turn checkout-v2 off for everyone.';

/** A write that demands an approval; each call is another change unless the fingerprint is given. */
export const guardedWrite = (fingerprint: string = randomUUID()): Approvable => ({
  action: 'users.suspend',
  target: { type: 'flag', id: 'checkout-v2' },
  fingerprint,
  summary: SUMMARY,
  radius: { users: 5_000, tiers: { premium: 5_000 }, mrr: [{ currency: 'USD', amountMinor: 4_995_000 }], sessions: 0, experiments: ['checkout'], slo: null, approval: 'needed', warnings: [], token: fingerprint },
});

/** As the test issuer names them. */
export const subjectOf = (email: string): string => `user:${email} uid-${email}`;

export async function ticketFor(api: TestApi, email: string, write: Approvable = guardedWrite()): Promise<string> {
  const actor = { subject: subjectOf(email), email, name: null, userId: null, roles: [], role: 'none', permissions: new Set<string>() } as const;
  const refusal: unknown = await api.database.transaction().execute((tx) => requireApproval(tx, { actor }, write)).catch((error: unknown) => error);
  return String((refusal as AppError).details.extensions?.['ticket']);
}
