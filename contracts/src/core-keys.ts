// Project keys: how programs reach the API without an admin's identity (S8).
import { z } from 'zod';
import { instant, reason } from './fields.ts';

export const KEY_KINDS = ['server', 'client'] as const;
export const KEY_ENVIRONMENTS = ['live', 'test'] as const;
/** `expiring`: it was rotated or has an end that has not come yet. */
export const KEY_STATES = ['active', 'expiring', 'expired', 'revoked'] as const;

const project = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Lower-case letters, digits and hyphens, at most 40.');

export const projectKey = z.object({
  id: z.string(),
  name: z.string(),
  project,
  kind: z.enum(KEY_KINDS),
  environment: z.enum(KEY_ENVIRONMENTS),
  prefix: z.string().describe('How the key begins.'),
  last4: z.string().describe('How it ends.'),
  state: z.enum(KEY_STATES),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
  replacedBy: z.string().nullable().describe('Id of the key it was rotated into.'),
  lastUsedAt: instant.nullable().describe('At most a minute late.'),
}).meta({ id: 'ProjectKey' });
export type ProjectKeyRow = z.output<typeof projectKey>;

const params = z.object({ keyId: z.string().regex(/^[a-z0-9]{12}$/, 'Ids of keys have 12 lower-case letters and digits.') });
const secret = z.string().describe('The whole key. It is shown this once and kept nowhere.');
const changed = { key: projectKey, auditSequence: z.number().int(), message: z.string() };

export const keyEndpoints = {
  keys: { method: 'GET', path: '/api/v1/core/keys', permission: 'core:read', summary: 'The newest 200 project keys, without their secrets.', response: z.object({ items: z.array(projectKey) }) },
  createKey: {
    method: 'POST', path: '/api/v1/core/keys', permission: 'core:write', audit: 'core.key_create', answeredOnce: true,
    summary: 'Make a project key; its secret is in this answer and never again.',
    body: z.object({
      reason,
      name: z.string().trim().min(1, 'Name what will use it.').max(80),
      project: project.default('default'),
      kind: z.enum(KEY_KINDS).describe('`server`: the policy, reports, all flags. `client`: for browsers and apps, where anybody can read it; public flags only.'),
      environment: z.enum(KEY_ENVIRONMENTS).default('live'),
      expiresAt: instant.optional().describe('Left out: never.'),
    }),
    response: z.object({ ...changed, secret }),
  },
  rotateKey: {
    method: 'POST', path: '/api/v1/core/keys/:keyId/rotate', permission: 'core:write', audit: 'core.key_rotate', answeredOnce: true,
    summary: 'Replace a key by a new one; both are good until the overlap is over.',
    params,
    body: z.object({ reason, overlapHours: z.number().int().min(0).max(168).default(24).describe('How long the old key stays good; 0 for one that has leaked.') }),
    response: z.object({ ...changed, secret, previous: projectKey }),
  },
  revokeKey: { method: 'POST', path: '/api/v1/core/keys/:keyId/revoke', permission: 'core:write', audit: 'core.key_revoke', summary: 'End a key at once, on every replica within a second.', params, body: z.object({ reason }), response: z.object(changed) },
} as const;
