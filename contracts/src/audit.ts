// Audit: every admin action, in a hash chain that shows tampering, and as marks on the graphs.
import { z } from 'zod';
import { approvalEndpoints } from './audit-approvals.ts';
import { defineCapability, ROLES } from './capability.ts';
import { instant, page, pageOf, reason, uuid } from './fields.ts';

export const OUTCOMES = ['success', 'denied', 'failed'] as const;
/** Every audit action there is; the metric's label is closed over this list and a check compares it with the endpoints. */
export const AUDIT_ACTIONS = [
  'users.suspend', 'users.reactivate',
  'impersonation.request', 'impersonation.start', 'impersonation.extend', 'impersonation.end', 'impersonation.finish', 'impersonation.block',
  'impersonation.consent_rule', 'impersonation.consent', 'impersonation.withdraw_consent',
  'promotions.coupon_create', 'promotions.coupon_update', 'promotions.coupon_activate', 'promotions.coupon_archive', 'promotions.coupon_sync',
  'promotions.code_create', 'promotions.code_activate', 'promotions.code_deactivate', 'promotions.batch_create', 'promotions.batch_export',
  'promotions.campaign_create', 'promotions.campaign_update', 'promotions.campaign_activate', 'promotions.campaign_kill', 'promotions.campaign_archive',
  'promotions.referral_programme_set', 'promotions.referral_reject', 'promotions.redeem', 'promotions.referrals_advance',
  'flags.create', 'flags.update', 'flags.state', 'flags.revert', 'flags.experiment', 'flags.plan', 'flags.planned', 'flags.ramp', 'flags.rollback',
  'engagement.definition_set', 'engagement.feature_set', 'engagement.erase',
  'core.key_create', 'core.key_rotate', 'core.key_revoke',
  'conversion.funnel_create', 'conversion.funnel_update', 'conversion.funnel_state', 'conversion.funnel_delete',
  'audit.export', 'audit.verify', 'audit.acknowledge', 'audit.erase', 'access.denied',
  'audit.ask', 'audit.approve', 'audit.reject', 'audit.withdraw',
] as const;
/** What users bring about, all day long: recorded and counted, but no mark, or the marks of admins would drown in it. */
export const UNMARKED_ACTIONS: readonly (typeof AUDIT_ACTIONS)[number][] = ['promotions.redeem', 'promotions.referrals_advance', 'impersonation.consent', 'impersonation.withdraw_consent'];
export const ACTOR_ROLES = [...ROLES, 'none', 'system'] as const;

export const auditEntry = z.object({
  sequence: z.number().int(),
  at: instant,
  actor: z.object({ id: uuid.nullable(), email: z.string().nullable(), role: z.enum(ACTOR_ROLES) }),
  action: z.string(),
  outcome: z.enum(OUTCOMES),
  target: z.object({ type: z.string(), id: z.string() }),
  reason: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  requestId: z.string().nullable(),
  hash: z.string().describe('SHA-256 of this entry chained to the one before, in hex.'),
  erasedAt: instant.nullable().describe('When the personal details (actor e-mail, reason, before, after, address) were erased; the entry itself stays.'),
}).meta({ id: 'AuditEntry' });
export type AuditEntry = z.output<typeof auditEntry>;

export const chainStatus = z.object({
  valid: z.boolean().describe('True when there is no problem: none found by the last verification, none waiting to be acknowledged.'),
  headSequence: z.number().int(),
  headHash: z.string().nullable(),
  checked: z.number().int().describe('Entries whose hash was recomputed.'),
  verifiedAt: instant.nullable(),
  problems: z.array(z.object({ sequence: z.number().int().nullable(), kind: z.enum(['edited', 'missing', 'inserted', 'reordered', 'truncated', 'rewritten']), detail: z.string() })),
  acknowledged: z.boolean().describe('False from the first broken verification until a person acknowledges it; this is what admincenter_audit_chain_valid shows. A problem that stays in the data stays listed.'),
});
export type ChainStatus = z.output<typeof chainStatus>;

export const mark = z.object({ id: z.string(), at: instant, endedAt: instant.nullable(), title: z.string(), text: z.string(), tags: z.array(z.string()), auditSequence: z.number().int().nullable() }).meta({ id: 'Mark' });
export type Mark = z.output<typeof mark>;

export const change = z.object({
  id: z.string(),
  at: instant,
  endedAt: instant.nullable().describe('Null for an instant.'),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string() }).nullable(),
  actor: z.object({ email: z.string().nullable(), role: z.enum(ACTOR_ROLES) }).nullable(),
  reason: z.string().nullable(),
  text: z.string(),
  auditSequence: z.number().int().nullable(),
}).meta({ id: 'Change' });
export type Change = z.output<typeof change>;

const filter = {
  actor: z.string().trim().max(200).optional().describe('E-mail of the admin.'),
  action: z.string().max(100).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  targetId: z.string().max(200).optional(),
  from: instant.optional(),
  to: instant.optional(),
};
const metric = { source: 'exporter', type: 'gauge' } as const;

export const audit = defineCapability({
  noun: 'audit',
  title: 'Audit',
  permissions: {
    'audit:read': { description: 'Read the audit log and its marks.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'audit:ask': { description: 'Ask for the approval of an action, and withdraw the request.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'audit:approve': { description: 'Approve or reject what another admin asked for.', roles: ['super_admin'] },
    'audit:write': { description: 'Export the audit log, verify the chain, acknowledge a broken one, erase personal details of an entry.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_actions_total', type: 'counter', help: 'Admin actions recorded in the audit log and relayed.', labels: { action: AUDIT_ACTIONS, outcome: OUTCOMES, actor_role: ACTOR_ROLES } },
    { ...metric, name: 'admincenter_audit_chain_valid', help: '1 while every verification succeeded, 0 from the first failure until a person acknowledges it.', labels: {} },
    { ...metric, name: 'admincenter_audit_chain_head_sequence', help: 'Sequence number of the newest audit entry; it never falls.', labels: {} },
    { ...metric, name: 'admincenter_audit_chain_head_prefix', help: 'First 48 bits of the newest entry hash as a number, so that Prometheus is a witness outside the database (M7).', labels: {} },
    { ...metric, name: 'admincenter_audit_chain_verified_timestamp_seconds', help: 'Unix time of the last complete verification of the chain.', labels: {} },
    { ...metric, name: 'admincenter_outbox_pending', help: 'Audited actions not yet relayed to metric, mark and annotation.', labels: {} },
    { ...metric, name: 'admincenter_outbox_oldest_pending_age_seconds', help: 'Age of the oldest action that is not yet relayed, in seconds; 0 when there is none.', labels: {} },
    { name: 'admincenter_action_duration_seconds', type: 'histogram', source: 'actions-api', help: 'Time from the start of an audited action to its commit, in seconds.', labels: { action: AUDIT_ACTIONS }, buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] },
  ],
  endpoints: {
    list: { method: 'GET', path: '/api/v1/audit', permission: 'audit:read', summary: 'Audit entries, newest first.', query: z.object({ ...filter, ...page }), response: pageOf(auditEntry) },
    marks: { method: 'GET', path: '/api/v1/audit/marks', permission: 'audit:read', summary: 'Admin actions as marks for time series, oldest first, at most 500.', query: z.object({ from: instant, to: instant, targetId: filter.targetId }), response: z.object({ items: z.array(mark) }) },
    changes: { method: 'GET', path: '/api/v1/audit/changes', permission: 'audit:read', summary: 'What changed in the product: successful admin actions but those of the audit log itself, oldest first; of more than 500 the newest (M1).', query: z.object({ from: instant, to: instant }), response: z.object({ items: z.array(change) }) },
    chain: { method: 'GET', path: '/api/v1/audit/chain', permission: 'audit:read', summary: 'Result of the last verification.', response: chainStatus },
    verify: { method: 'POST', path: '/api/v1/audit/verify', permission: 'audit:write', audit: 'audit.verify', summary: 'Verify the whole chain now.', response: chainStatus },
    acknowledge: { method: 'POST', path: '/api/v1/audit/acknowledge', permission: 'audit:write', audit: 'audit.acknowledge', summary: 'Acknowledge a broken chain after it was looked into.', body: z.object({ reason }), response: chainStatus },
    erase: { method: 'POST', path: '/api/v1/audit/entries/:sequence/erase', permission: 'audit:write', audit: 'audit.erase', summary: 'Erase the personal details of one entry; the chain stays verifiable (S12).', params: z.object({ sequence: z.coerce.number().int().min(1) }), body: z.object({ reason }), response: auditEntry },
    export: { method: 'POST', path: '/api/v1/audit/export', permission: 'audit:write', audit: 'audit.export', summary: 'The filtered entries as CSV, at most 100,000 rows (S4, S5).', body: z.object({ ...filter, reason }), response: 'text/csv' },
    ...approvalEndpoints,
  },
});
