// Impersonation: look at the product as one of its users does, for a reason, for minutes, with everything recorded (S1–S3).
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { blastRadius, instant, page, pageOf, reason, tier, uuid } from './fields.ts';

export const REASON_CLASSES = ['support_request', 'bug_investigation', 'billing_question', 'security_review', 'account_recovery', 'other'] as const;
export const SCOPES = ['read', 'write'] as const;
/** `requested`: the code waits to be handed over. `refused`: the code came when the session was not allowed any more. */
export const SESSION_STATES = ['requested', 'active', 'ended', 'expired', 'refused', 'revoked'] as const;
export const SESSION_OUTCOMES = ['ended', 'expired', 'refused', 'revoked'] as const;
/** Why a session is over. The last nine end it at once, whoever is at it (S3). */
export const END_CAUSES = [
  'ended_by_admin', 'ended_at_host', 'time_over', 'code_unused', 'superseded',
  'admin_role_revoked', 'admin_signed_out', 'admin_impersonated', 'user_signed_out', 'user_suspended', 'user_deleted', 'user_became_admin', 'password_reset',
  'consent_over',
] as const;
/** What is refused in every session, whatever its scope (S2); `change` is any other change that the scope does not allow. */
export const ACTION_CLASSES = [
  'password', 'email', 'mfa', 'recovery', 'api_keys', 'webhooks', 'payment_methods', 'purchase', 'refund', 'plan_change',
  'export', 'erasure', 'account_delete', 'consent', 'impersonate_again', 'admin', 'change',
] as const;

export const MINUTES_DEFAULT = 30;
export const MINUTES_MAX_IN_TOTAL = 60;
export const CODE_MINUTES = 10;
/** How long a user lets admins in who would have to ask. */
export const CONSENT_HOURS_DEFAULT = 24;
export const CONSENT_HOURS_MAX = 30 * 24;

/** Where the admin was when they asked, so that a reviewer sees what they saw (M6). */
export const panelContext = z.object({
  url: z.string().max(2_000).regex(/^(https?:\/\/|\/(?!\/))\S*$/, 'Give a link that starts with https:// or with a slash.').describe('Link to the dashboard, panel or page.'),
  title: z.string().trim().max(200).optional().describe('Title of the panel.'),
  from: instant.describe('Start of its time range.'),
  to: instant.describe('End of its time range.'),
}).meta({ id: 'PanelContext' });

/** No panel of ours shows more; what is longer is a mistake or made up. */
const RANGE_DAYS_MAX = 5 * 366;
/** What may be asked with: sessions of before keep what they have. */
export const panelContextAsked = panelContext
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], message: 'The time range must end after its start.' })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= RANGE_DAYS_MAX * 86_400_000, { path: ['to'], message: 'The time range may be five years long at most.' });

const minutes = z.coerce.number().int().min(1).max(MINUTES_DEFAULT).default(MINUTES_DEFAULT);
const person = z.object({ id: uuid.nullable(), email: z.string().nullable() });

export const impersonationSession = z.object({
  id: uuid,
  state: z.enum(SESSION_STATES),
  admin: person,
  user: person.extend({ id: uuid, name: z.string().nullable(), tier }),
  scope: z.enum(SCOPES),
  reason: z.string(),
  reasonClass: z.enum(REASON_CLASSES),
  ticket: z.string().nullable(),
  context: panelContext.nullable(),
  requestedAt: instant,
  startedAt: instant.nullable().describe('When the host took the code; null before.'),
  endsAt: instant.describe('While requested, when the code expires; then when the session ends by itself.'),
  hardEndsAt: instant.nullable().describe('No extension goes beyond this: 60 minutes from the start.'),
  endedAt: instant.nullable(),
  endCause: z.enum(END_CAUSES).nullable(),
  remainingSeconds: z.number().int().describe('Until `endsAt`, as the server counts; 0 when it is over.'),
  extended: z.boolean().describe('Whether its one extension was used.'),
  extensionReason: z.string().nullable(),
  consent: z.object({ givenAt: instant, until: instant, withdrawnAt: instant.nullable() }).nullable().describe('What the user had agreed to when it was asked for; null where the tier is not asked.'),
  requests: z.number().int().describe('Requests recorded under it.'),
  blocked: z.number().int().describe('Of those, how many were refused.'),
}).meta({ id: 'ImpersonationSession' });
export type ImpersonationSession = z.output<typeof impersonationSession>;

export const impersonatedRequest = z.object({
  id: z.string(),
  at: instant,
  method: z.string(),
  route: z.string().describe('Route as the host reported it.'),
  status: z.number().int(),
  actionClass: z.enum(ACTION_CLASSES).nullable().describe('Which protected action it was; null for what is allowed.'),
  blocked: z.boolean(),
});
export type ImpersonatedRequest = z.output<typeof impersonatedRequest>;

export const impersonationRule = z.object({
  actionClass: z.enum(ACTION_CLASSES).nullable().describe('Null for a change that the scope `write` allows.'),
  title: z.string(),
  methods: z.array(z.string()).describe('HTTP methods; `*` is every one.'),
  path: z.string().describe('`:name` stands for one segment, `**` for any number of them, `*` for any text within one.'),
  decision: z.enum(['refused', 'allowed_with_write']),
});
export type ImpersonationRule = z.output<typeof impersonationRule>;

/** Whether users of a tier are asked before anybody sees their account. */
export const consentRule = z.object({
  tier,
  needed: z.boolean().describe('Without the consent of the user no session is asked for or started.'),
  changedAt: instant.nullable().describe('Null while it is as it was at installation.'),
  changedBy: z.string().nullable(),
}).meta({ id: 'ConsentRule' });
export type ConsentRule = z.output<typeof consentRule>;

export const impersonationPreview = blastRadius.extend({
  target: z.object({ id: uuid, email: z.string(), name: z.string().nullable(), tier, state: z.string() }),
  consent: z.object({ needed: z.boolean(), until: instant.nullable() }).describe('Whether this user is asked first, and until when they have agreed.'),
  refusal: z.object({ code: z.string(), message: z.string() }).nullable().describe('Why the request would be refused as things are; null when it would not.'),
}).meta({ id: 'ImpersonationPreview' });
export type ImpersonationPreview = z.output<typeof impersonationPreview>;

const params = z.object({ sessionId: uuid });
const asked = z.object({
  userId: uuid,
  reason,
  reasonClass: z.enum(REASON_CLASSES),
  ticket: z.string().trim().max(300).regex(/^(https?:\/\/\S+|[\w#][\w#./-]*)$/, 'Give the id of a ticket, or its https:// address.').optional(),
  context: panelContextAsked.optional(),
  scope: z.enum(SCOPES).default('read').describe('`write` also allows the listed safe changes; protected actions stay refused.'),
  minutes,
  previewToken: z.string().optional().describe('The `token` of the preview; 409 when the user has changed since.'),
});
const changed = z.object({ session: impersonationSession, auditSequence: z.number().int(), message: z.string() });
const metric = { source: 'exporter', type: 'gauge' } as const;

export const impersonation = defineCapability({
  noun: 'impersonation',
  title: 'Impersonation',
  permissions: {
    'impersonation:read': { description: 'See impersonation sessions, what was done in them, and what they refuse.', roles: ['super_admin', 'support_admin'] },
    'impersonation:write': { description: 'Impersonate a user; extend and end sessions.', roles: ['super_admin', 'support_admin'] },
    'impersonation:configure': { description: 'Say users of which tiers are asked for their consent first.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_impersonation_sessions', help: 'Impersonation sessions on record by state.', labels: { state: SESSION_STATES } },
    { ...metric, name: 'admincenter_impersonation_sessions_total', type: 'counter', help: 'Impersonation sessions that are over, by class of the reason and by how they came to their end.', labels: { reason_class: REASON_CLASSES, outcome: SESSION_OUTCOMES } },
    { ...metric, name: 'admincenter_impersonation_oldest_active_age_seconds', help: 'Seconds since the oldest active impersonation session started; 0 when there is none.', labels: {} },
    { ...metric, name: 'admincenter_impersonation_blocked_actions_total', type: 'counter', help: 'Actions that were refused because they were tried under impersonation, by class (S2).', labels: { action_class: ACTION_CLASSES } },
    {
      name: 'admincenter_impersonation_session_duration_seconds', type: 'histogram', source: 'actions-api',
      help: 'How long impersonation sessions lasted from the exchange of their code to their end, in seconds.', labels: {}, buckets: [60, 300, 600, 900, 1_200, 1_800, 2_700, 3_600],
    },
  ],
  endpoints: {
    preview: {
      method: 'GET', path: '/api/v1/impersonation/preview', permission: 'impersonation:write',
      summary: 'Whom a request would touch, whether it would be refused and whether another admin must approve it.',
      query: z.object({ userId: uuid, scope: z.enum(SCOPES).default('read'), minutes }),
      response: impersonationPreview,
    },
    request: {
      method: 'POST', path: '/api/v1/impersonation/sessions', permission: 'impersonation:write', audit: 'impersonation.request', answeredOnce: true,
      summary: 'Ask for a session; answers the one-time code that the host exchanges for it.',
      body: asked,
      response: changed.extend({
        code: z.string().describe('Shown this once; good for one exchange within 10 minutes.'),
        codeExpiresAt: instant,
        handOffUrl: z.url().nullable().describe('Page of the host that exchanges the code; null when none is configured.'),
      }),
    },
    active: { method: 'GET', path: '/api/v1/impersonation/active', permission: 'impersonation:read', summary: 'Sessions that are requested or active, the one that ends first on top.', response: z.object({ items: z.array(impersonationSession) }) },
    list: {
      method: 'GET', path: '/api/v1/impersonation/sessions', permission: 'impersonation:read', summary: 'All sessions, newest first.',
      query: z.object({
        admin: z.string().trim().max(200).optional().describe('Part of the e-mail of the admin.'),
        userId: uuid.optional(),
        state: z.enum(SESSION_STATES).optional(),
        reasonClass: z.enum(REASON_CLASSES).optional(),
        from: instant.optional(), to: instant.optional(),
        ...page,
      }),
      response: pageOf(impersonationSession),
    },
    get: { method: 'GET', path: '/api/v1/impersonation/sessions/:sessionId', permission: 'impersonation:read', summary: 'One session.', params, response: impersonationSession.extend({ banner: z.string().describe('What the host shows on every page of the session.') }) },
    report: {
      method: 'GET', path: '/api/v1/impersonation/sessions/:sessionId/requests', permission: 'impersonation:read', summary: 'Every request made under a session, oldest first.',
      params, query: z.object({ blocked: z.enum(['true', 'false']).optional().describe('Only the refused ones, or only the others.'), ...page }), response: pageOf(impersonatedRequest),
    },
    extend: {
      method: 'POST', path: '/api/v1/impersonation/sessions/:sessionId/extend', permission: 'impersonation:write', audit: 'impersonation.extend',
      summary: 'Extend your own active session once, for a new reason and to 60 minutes in total at most.', params, body: z.object({ reason, minutes }), response: changed,
    },
    end: { method: 'POST', path: '/api/v1/impersonation/sessions/:sessionId/end', permission: 'impersonation:write', audit: 'impersonation.end', summary: 'End a session now, your own or that of another admin.', params, body: z.object({ reason }), response: changed },
    actions: { method: 'GET', path: '/api/v1/impersonation/actions', permission: 'impersonation:read', summary: 'What is refused under impersonation, and which changes the scope `write` allows.', response: z.object({ items: z.array(impersonationRule) }) },
    consentRules: { method: 'GET', path: '/api/v1/impersonation/consent', permission: 'impersonation:read', summary: 'Users of which tiers are asked for their consent first.', response: z.object({ items: z.array(consentRule) }) },
    setConsentRule: {
      method: 'POST', path: '/api/v1/impersonation/consent/:tier', permission: 'impersonation:configure', audit: 'impersonation.consent_rule',
      summary: 'Ask the users of a tier first, or no longer. Sessions under way go on.',
      params: z.object({ tier }), body: z.object({ needed: z.boolean(), reason }),
      response: z.object({ rule: consentRule, auditSequence: z.number().int(), message: z.string() }),
    },
  },
  systemActions: ['impersonation.start', 'impersonation.finish', 'impersonation.block', 'impersonation.consent', 'impersonation.withdraw_consent'],
});
