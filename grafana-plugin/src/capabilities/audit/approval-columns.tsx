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
import { Ago, formatInstant } from '../../platform/time.tsx';
import { Reason } from './audit-columns.tsx';

const { approve, reject } = audit.endpoints;

const decided = ({ decider, decisionReason }: Approval): ReactNode => (decider === null ? '–' : <Reason text={`${decider}${decisionReason === null ? '' : `: ${decisionReason}`}`} />);

const what: Column<Approval> = { id: 'summary', header: 'What will happen', cell: ({ summary }) => summary, wrap: true };
const why: Column<Approval> = { id: 'reason', header: 'Because', cell: ({ reason }) => <Reason text={reason} />, wrap: true, wideOnly: true };
const who: Column<Approval> = { id: 'requester', header: 'Asked by', cell: ({ requester, mine }) => (mine ? `${requester} (you)` : requester) };
const asked: Column<Approval> = { id: 'requestedAt', header: 'Asked', cell: ({ requestedAt }) => <Ago at={requestedAt} /> };
const state: Column<Approval> = { id: 'state', header: 'State', cell: (approval) => <StatusBadge status={approval.state} /> };

export const openColumns = (onChanged: () => void): ReadonlyArray<Column<Approval>> => [
  what,
  { id: 'decide', header: 'Decide', cell: (approval) => <Decide approval={approval} onChanged={onChanged} /> },
  who,
  why,
  state,
  { ...asked, wideOnly: true },
  { id: 'expiresAt', header: 'Open until', cell: ({ expiresAt }) => formatInstant(expiresAt), wideOnly: true },
];

export const pastColumns: ReadonlyArray<Column<Approval>> = [{ ...what, header: 'What was asked for' }, state, who, why, { id: 'decided', header: 'Decided', cell: decided, wrap: true }, asked];

function Decide({ approval, onChanged }: { approval: Approval; onChanged: () => void }) {
  const { id, mine, mayDecide, summary, requester, reason, radius } = approval;
  const params = { approvalId: id };
  const on = `${requester}: ${summary}`;
  const explanation = `${requester} asks: ${summary} Because: ${reason}`;
  // What was measured when it was asked for; the execution measures anew and refuses when it has changed.
  const preview = () => Promise.resolve({ ...radius, approval: 'not_needed' as const });
  if (mine) {
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
