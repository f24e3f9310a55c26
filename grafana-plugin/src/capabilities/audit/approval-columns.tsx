// A request for approval as a row, and what can be done about it.
import type { ReactNode } from 'react';
import { audit } from '@admin-center/contracts/audit';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import { Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { WithdrawButton } from '../../platform/approval/ApprovalNotice.tsx';
import type { Column } from '../../platform/DataTable.tsx';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { Ago } from '../../platform/time.tsx';
import { Reason, Target } from './audit-columns.tsx';

const { approve, reject } = audit.endpoints;

const decided = ({ decider, decisionReason }: Approval): ReactNode => (decider === null ? '–' : <Reason text={`${decider}${decisionReason === null ? '' : `: ${decisionReason}`}`} />);

export const approvalColumns = (onChanged: () => void): ReadonlyArray<Column<Approval>> => [
  { id: 'requestedAt', header: 'Asked', cell: ({ requestedAt }) => <Ago at={requestedAt} /> },
  { id: 'state', header: 'State', cell: ({ state }) => <StatusBadge status={state} /> },
  { id: 'summary', header: 'What will happen', cell: ({ summary }) => summary, wrap: true },
  { id: 'target', header: 'On', cell: ({ target }) => <Target target={target} />, wideOnly: true },
  { id: 'requester', header: 'Asked by', cell: ({ requester, mine }) => (mine ? `${requester} (you)` : requester) },
  { id: 'reason', header: 'Because', cell: ({ reason }) => <Reason text={reason} />, wideOnly: true },
  { id: 'decided', header: 'Decided', cell: decided, wideOnly: true },
  { id: 'expiresAt', header: 'Open until', cell: ({ state, expiresAt }) => (state === 'waiting' || state === 'approved' ? <Ago at={expiresAt} /> : '–'), wideOnly: true },
  { id: 'actions', header: 'Decide', cell: (approval) => <Decide approval={approval} onChanged={onChanged} /> },
];

function Decide({ approval, onChanged }: { approval: Approval; onChanged: () => void }) {
  const { id, state, mine, mayDecide, summary, requester, reason, radius } = approval;
  const params = { approvalId: id };
  const on = `${requester}: ${summary}`;
  const explanation = `${requester} asks: ${summary} Because: ${reason}`;
  // What was measured when it was asked for; the execution measures anew and refuses when it has changed.
  const preview = () => Promise.resolve({ ...radius, approval: 'not_needed' as const });
  if (mine && (state === 'waiting' || state === 'approved')) {
    return <WithdrawButton approval={approval} onDone={onChanged} />;
  }
  if (!mayDecide) {
    return <>–</>;
  }
  const decision = { on, permission: approve.permission, explanation, preview, onDone: onChanged } as const;
  return (
    <Stack direction="row" gap={1}>
      <ActionButton
        {...decision}
        label="Approve"
        icon="check"
        audit={approve.audit}
        title="Approve what another admin asks for"
        confirmLabel="Approve"
        execute={({ reason: why }, idempotencyKey) => call(approve, { params, body: { reason: why } }, { idempotencyKey })}
      />
      <ActionButton
        {...decision}
        label="Reject"
        icon="ban"
        audit={reject.audit}
        title="Reject what another admin asks for"
        confirmLabel="Reject"
        destructive
        execute={({ reason: why }, idempotencyKey) => call(reject, { params, body: { reason: why } }, { idempotencyKey })}
      />
    </Stack>
  );
}
