// Endpoints of approvals: ask, decide, and see what waits.
import { randomUUID } from 'node:crypto';
import { audit } from '@admin-center/contracts/audit';
import { z } from 'zod';
import { openTicket } from '../../platform/approvals.ts';
import type { Work } from '../../platform/audited.ts';
import type { Actor } from '../../platform/context.ts';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { BodyOf } from '../../platform/reply.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readSlo } from '../../platform/slo.ts';
import { type ApprovalRow, decide, insertApproval, listApprovals, lockApproval, readApproval, toApproval } from './approvals-store.ts';

const { endpoints } = audit;
const approvalCursor = cursorOf('approvals', z.strictObject({ at: instantText, id: z.guid() }));
const targetOf = (id: string) => ({ type: 'approval', id });

export const approvalRoutes = ({ database, recorder, config }: Services): Route[] => [
  route(endpoints.approvals, async ({ query }, { actor }) => {
    const after = query.cursor === undefined ? null : approvalCursor.decode(query.cursor);
    const page = pageOf(await listApprovals(database, query, after, query.limit + 1), query.limit, ({ position, id }) => approvalCursor.encode({ at: position, id }));
    return { ...page, items: page.items.map((row) => toApproval(row, actor)) };
  }),
  route(endpoints.askApproval, async ({ body: { ticket, reason } }, context) => {
    const { actor } = context;
    const id = randomUUID();
    const slo = await readSlo(config);
    return recorder.audited(context, 'audit.ask', targetOf(id), {
      reason,
      read: () => Promise.resolve(null),
      async run(tx) {
        const write = await openTicket(tx, ticket, actor.subject);
        await insertApproval(tx, id, { ...write, radius: { ...write.radius, slo } }, actor, reason);
        return readApproval(tx, id);
      },
      keep: ({ result }) => ({ before: null, after: factsOf(result) }),
      respond: ({ result }, auditSequence) => ({ approval: toApproval(result, actor), auditSequence, message: 'Asked. It can be done once another super admin has approved it.' }),
    });
  }),
  route(endpoints.approve, ({ params, body }, context) =>
    recorder.audited(context, 'audit.approve', targetOf(params.approvalId), decision('approved', params.approvalId, context.actor, body.reason)),
  ),
  route(endpoints.reject, ({ params, body }, context) =>
    recorder.audited(context, 'audit.reject', targetOf(params.approvalId), decision('rejected', params.approvalId, context.actor, body.reason)),
  ),
  route(endpoints.withdraw, ({ params }, context) =>
    recorder.audited(context, 'audit.withdraw', targetOf(params.approvalId), decision('withdrawn', params.approvalId, context.actor, null)),
  ),
];

const MESSAGES = {
  approved: ({ requester_email }: ApprovalRow) => `Approved. ${requester_email} can do it now, once, until it expires.`,
  rejected: ({ requester_email }: ApprovalRow) => `Rejected. ${requester_email} sees why.`,
  withdrawn: () => 'Withdrawn.',
} as const;

const decision = (kind: keyof typeof MESSAGES, id: string, actor: Actor, reason: string | null): Work<ApprovalRow, void, BodyOf<typeof endpoints.approve>> => ({
  ...(reason === null ? {} : { reason }),
  read: (tx) => lockApproval(tx, id),
  run: (tx, before) => decide(tx, before, actor, kind, reason),
  keep: ({ before, after }) => ({ before: factsOf(before), after: factsOf(after) }),
  respond: ({ after }, auditSequence) => ({ approval: toApproval(after, actor), auditSequence, message: MESSAGES[kind](after) }),
});

const factsOf = ({ state, action, target_type, target_id, summary, requester_email }: ApprovalRow) => ({
  state, action, target: { type: target_type, id: target_id }, summary, requester: requester_email,
});
