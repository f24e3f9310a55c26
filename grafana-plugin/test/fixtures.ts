// Named users and entries for tests.
import type { AuditEntry, ChainStatus } from '@admin-center/contracts/audit';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import type { BlastRadius } from '@admin-center/contracts/fields';
import type { UserDetail, UserSummary } from '@admin-center/contracts/users';

export const NOW = Date.parse('2026-11-22T12:00:00.000Z');

export const MAYA: UserSummary = {
  id: '11111111-1111-4111-8111-111111111111',
  email: 'maya@example.com',
  name: 'Maya Okoro',
  tier: 'premium',
  state: 'active',
  createdAt: '2026-10-01T08:00:00.000Z',
  lastSeenAt: '2026-11-22T11:00:00.000Z',
  mrr: [{ currency: 'USD', amountMinor: 999 }],
};
export const KEN: UserSummary = { ...MAYA, id: '22222222-2222-4222-8222-222222222222', email: 'ken@example.com', name: null, tier: 'free', state: 'suspended', lastSeenAt: null, mrr: [] };

export const MAYA_DETAIL: UserDetail = {
  ...MAYA,
  emailVerified: true,
  identitySource: 'auth0',
  locale: 'en',
  suspendedAt: null,
  suspensionReason: null,
  deletedAt: null,
  isAdmin: false,
  sessions: [],
  subscriptions: [],
  payments: [],
  actions: [],
};

export const RADIUS: BlastRadius = { users: 1, tiers: { premium: 1 }, mrr: [{ currency: 'USD', amountMinor: 999 }], sessions: 2, experiments: [], slo: null, approval: 'not_needed', warnings: [], token: 'token-1' };

export const ENTRY: AuditEntry = {
  sequence: 41,
  at: '2026-11-22T11:58:00.000Z',
  actor: { id: null, email: 'ada@acme.example', role: 'super_admin' },
  action: 'users.suspend',
  outcome: 'success',
  target: { type: 'user', id: MAYA.id },
  reason: 'Chargeback fraud ring',
  before: { state: 'active' },
  after: { state: 'suspended' },
  requestId: 'req-1',
  hash: 'ab'.repeat(32),
  erasedAt: null,
};

export const INTACT: ChainStatus = { valid: true, headSequence: 41, headHash: 'ab'.repeat(32), checked: 41, verifiedAt: '2026-11-22T11:59:00.000Z', problems: [], acknowledged: true };

/** The same write, which another admin has to approve first. */
export const GUARDED: BlastRadius = { ...RADIUS, users: 5000, tiers: { premium: 5000 }, approval: 'needed', experiments: ['checkout-copy'], slo: { name: 'Requests answered without an error', state: 'burning', errorRatio: 0.0213 } };

export const APPROVAL: Approval = {
  id: '33333333-3333-4333-8333-333333333333',
  state: 'waiting',
  action: 'users.suspend',
  target: { type: 'user', id: MAYA.id },
  fingerprint: GUARDED.token,
  summary: 'Suspend Maya Okoro.',
  radius: GUARDED,
  reason: 'Chargeback fraud ring, case 12',
  requester: 'sam@acme.example',
  requestedAt: '2026-11-22T11:50:00.000Z',
  expiresAt: '2026-11-23T11:50:00.000Z',
  decider: null,
  decidedAt: null,
  decisionReason: null,
  usedAt: null,
  mine: false,
  mayDecide: true,
};
