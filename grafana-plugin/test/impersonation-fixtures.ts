// Sessions of impersonation for tests.
import type { ImpersonationPreview, ImpersonationSession } from '@admin-center/contracts/impersonation';
import { MAYA, RADIUS } from './fixtures.ts';

export const SESSION: ImpersonationSession = {
  id: '33333333-3333-4333-8333-333333333333',
  state: 'active',
  admin: { id: null, email: 'ada@acme.example' },
  user: { id: MAYA.id, email: MAYA.email, name: MAYA.name, tier: 'premium' },
  scope: 'read',
  reason: 'Cannot see her tunnels',
  reasonClass: 'support_request',
  ticket: 'SUP-4711',
  context: { url: '/d/errors?viewPanel=4', title: 'Errors by user', from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' },
  requestedAt: '2026-11-22T11:50:00.000Z',
  startedAt: '2026-11-22T11:51:00.000Z',
  endsAt: '2026-11-22T12:21:00.000Z',
  hardEndsAt: '2026-11-22T12:51:00.000Z',
  endedAt: null,
  endCause: null,
  remainingSeconds: 1260,
  extended: false,
  extensionReason: null,
  consent: null,
  requests: 12,
  blocked: 2,
};

export const PREVIEW: ImpersonationPreview = { ...RADIUS, sessions: 0, target: { id: MAYA.id, email: MAYA.email, name: MAYA.name, tier: 'premium', state: 'active' }, consent: { needed: false, until: null }, refusal: null };
