// Users: find one, look at everything known about them, suspend and reactivate.
import { z } from 'zod';
import { defineCapability, TIERS } from './capability.ts';
import { amountMinor, blastRadius, currency, instant, page, pageOf, reason, tier, uuid } from './fields.ts';

export const USER_STATES = ['active', 'suspended', 'deleted'] as const;
export const SIGNUP_WINDOWS = ['1d', '7d', '30d'] as const;

export const userSummary = z.object({
  id: uuid,
  email: z.string(),
  name: z.string().nullable(),
  tier,
  state: z.enum(USER_STATES),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
  mrr: z.array(z.object({ currency, amountMinor })),
}).meta({ id: 'UserSummary' });
export type UserSummary = z.output<typeof userSummary>;

export const userSession = z.object({ id: uuid, startedAt: instant, lastActivityAt: instant.nullable(), expiresAt: instant, live: z.boolean(), ip: z.string().nullable(), userAgent: z.string().nullable() }).meta({ id: 'UserSession' });
export const userSubscription = z.object({ id: uuid, tier, status: z.string(), createdAt: instant, currentPeriodEnd: instant.nullable(), cancelAtPeriodEnd: z.boolean(), canceledAt: instant.nullable(), trialEnd: instant.nullable(), grantedByHand: z.boolean() }).meta({ id: 'UserSubscription' });
export const userPayment = z.object({ id: uuid, amountMinor, refundedMinor: amountMinor, currency, status: z.string(), failureCode: z.string().nullable(), method: z.string().nullable(), createdAt: instant }).meta({ id: 'UserPayment' });
export const userAction = z.object({ sequence: z.number().int(), at: instant, action: z.string(), outcome: z.string(), actor: z.string(), reason: z.string().nullable() }).meta({ id: 'UserAction' });

export const userDetail = userSummary.extend({
  emailVerified: z.boolean(),
  identitySource: z.string().nullable(),
  locale: z.string().nullable(),
  suspendedAt: instant.nullable(),
  suspensionReason: z.string().nullable(),
  deletedAt: instant.nullable(),
  isAdmin: z.boolean(),
  sessions: z.array(userSession).describe('The 50 most recent sessions.'),
  subscriptions: z.array(userSubscription),
  payments: z.array(userPayment).nullable().describe('The 50 most recent payments; null without subscriptions:read.'),
  actions: z.array(userAction).nullable().describe('The 50 most recent admin actions on this user; null without audit:read.'),
});
export type UserDetail = z.output<typeof userDetail>;

const params = z.object({ userId: uuid });
const change = z.object({ reason, previewToken: z.string().optional().describe('The `token` of the preview; 409 when the user has changed since.') });
const changed = z.object({ user: userSummary, sessionsRevoked: z.number().int(), auditSequence: z.number().int(), message: z.string() });
const metric = { source: 'exporter', type: 'gauge' } as const;

export const users = defineCapability({
  noun: 'users',
  title: 'Users',
  permissions: {
    'users:read': { description: 'Search users and see their sessions and subscriptions.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'users:write': { description: 'Suspend and reactivate users.', roles: ['super_admin', 'support_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_users', help: 'Users by state and by the tier they are entitled to.', labels: { state: USER_STATES, tier: TIERS } },
    { ...metric, name: 'admincenter_signups', help: 'Users created in the trailing window.', labels: { window: SIGNUP_WINDOWS } },
  ],
  endpoints: {
    list: {
      method: 'GET', path: '/api/v1/users', permission: 'users:read',
      summary: 'Search by e-mail, name or id; filter and sort.',
      query: z.object({
        q: z.string().trim().max(200).optional().describe('Part of an e-mail or name, or a whole id.'),
        tier: tier.optional(),
        state: z.enum(USER_STATES).optional(),
        createdFrom: instant.optional(), createdTo: instant.optional(),
        seenFrom: instant.optional(), seenTo: instant.optional(),
        sort: z.enum(['createdAt', 'lastSeenAt', 'email']).default('createdAt'),
        order: z.enum(['asc', 'desc']).default('desc'),
        ...page,
      }),
      response: pageOf(userSummary).extend({ total: z.number().int().describe('Matches, counted up to 10,000.'), totalIsExact: z.boolean() }),
    },
    get: { method: 'GET', path: '/api/v1/users/:userId', permission: 'users:read', summary: 'Everything known about one user.', params, response: userDetail },
    suspendPreview: { method: 'GET', path: '/api/v1/users/:userId/suspend-preview', permission: 'users:write', summary: 'What suspending this user would touch.', params, response: blastRadius },
    suspend: { method: 'POST', path: '/api/v1/users/:userId/suspend', permission: 'users:write', audit: 'users.suspend', summary: 'Suspend a user and end their sessions.', params, body: change, response: changed },
    reactivatePreview: { method: 'GET', path: '/api/v1/users/:userId/reactivate-preview', permission: 'users:write', summary: 'What reactivating this user would touch.', params, response: blastRadius },
    reactivate: { method: 'POST', path: '/api/v1/users/:userId/reactivate', permission: 'users:write', audit: 'users.reactivate', summary: 'Lift a suspension; the user signs in again.', params, body: change, response: changed },
  },
});
