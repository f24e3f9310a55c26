// Approvals (S16): writes that one admin may not do alone, and what another admin said to them.
import { z } from 'zod';
import { blastRadius, instant, page, pageOf, reason, uuid } from './fields.ts';

export const APPROVAL_STATES = ['waiting', 'approved', 'used', 'rejected', 'withdrawn', 'expired'] as const;

export const approval = z.object({
  id: uuid,
  state: z.enum(APPROVAL_STATES).describe('An approval is used once, by whoever asked for it, within 24 hours of asking.'),
  action: z.string().describe('The audit action that is to be done.'),
  target: z.object({ type: z.string(), id: z.string() }),
  fingerprint: z.string().describe('Token of the preview: the approval is of this change and no other.'),
  summary: z.string().describe('What will happen, as the API computed it.'),
  radius: blastRadius.describe('What it touches, measured when it was asked for.'),
  reason: z.string().describe('Why the requester wants it.'),
  requester: z.string().describe('E-mail of the admin who asked.'),
  requestedAt: instant,
  expiresAt: instant,
  decider: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
  usedAt: instant.nullable(),
  mine: z.boolean().describe('You asked for it.'),
  mayDecide: z.boolean().describe('It waits, and you are one of those who may approve or reject it.'),
}).meta({ id: 'Approval' });
export type Approval = z.output<typeof approval>;

const params = z.object({ approvalId: uuid });
const decided = z.object({ approval, auditSequence: z.number().int(), message: z.string() });

export const approvalEndpoints = {
  approvals: {
    method: 'GET', path: '/api/v1/audit/approvals', permission: 'audit:read',
    summary: 'Requests for approval, newest first.',
    query: z.object({
      open: z.enum(['true', 'false']).optional().describe('`true`: waiting or approved and not yet used; `false`: all others.'),
      fingerprint: z.string().max(200).optional().describe('Only those of one preview.'),
      ...page,
    }),
    response: pageOf(approval),
  },
  askApproval: {
    method: 'POST', path: '/api/v1/audit/approvals', permission: 'audit:ask', audit: 'audit.ask',
    summary: 'Ask other admins to approve a write that was refused with `approval_needed`.',
    body: z.object({ ticket: z.string().max(20_000).describe('The `ticket` of that refusal.'), reason }),
    response: decided,
  },
  approve: { method: 'POST', path: '/api/v1/audit/approvals/:approvalId/approve', permission: 'audit:approve', audit: 'audit.approve', summary: 'Let another admin do what they asked for.', params, body: z.object({ reason }), response: decided },
  reject: { method: 'POST', path: '/api/v1/audit/approvals/:approvalId/reject', permission: 'audit:approve', audit: 'audit.reject', summary: 'Refuse what another admin asked for.', params, body: z.object({ reason }), response: decided },
  withdraw: { method: 'POST', path: '/api/v1/audit/approvals/:approvalId/withdraw', permission: 'audit:ask', audit: 'audit.withdraw', summary: 'Take back your own request, approved or not.', params, response: decided },
} as const;
