// What a dialog or form says about the approval its write needs: that one is needed, that it is waited for, who gave it.
import { useState } from 'react';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import { Alert, Button } from '@grafana/ui';
import { toApiError } from '../api-error.ts';
import { Failed, Loading } from '../states.tsx';
import { Ago, formatInstant } from '../time.tsx';
import { toastError } from '../toast.ts';
import { withdrawApproval, type ApprovalState } from './use-approval.ts';

interface Props {
  readonly approval: ApprovalState;
  readonly onReload: () => void;
}

export function ApprovalNotice({ approval, onReload }: Props) {
  // One live region for all states, so that a screen reader hears the approval arrive.
  return (
    <div role="status" aria-live="polite">
      <Notice approval={approval} onReload={onReload} />
    </div>
  );
}

function Notice({ approval, onReload }: Props) {
  switch (approval.status) {
    case 'not_needed':
      return null;
    case 'loading':
      return <Loading what="approvals" compact />;
    case 'failed':
      return <Failed what="approvals" error={approval.error} onRetry={onReload} compact />;
    case 'to_ask':
      return (
        <Alert severity="info" title="This takes the approval of another admin">
          {approval.refused ? `${approval.refused.decider} rejected it: ${approval.refused.decisionReason}` : 'Say why you want it; a super admin other than you decides.'}
        </Alert>
      );
    case 'waiting':
      return (
        <Alert severity="info" title="Waiting for another super admin">
          Asked <Ago at={approval.approval.requestedAt} />, open until {formatInstant(approval.approval.expiresAt)}. You may close this and come back. <WithdrawButton approval={approval.approval} onDone={onReload} />
        </Alert>
      );
    case 'granted':
      return (
        <Alert severity="success" title={`Approved by ${approval.approval.decider}`}>
          {`“${approval.approval.decisionReason}” You can do it once, until ${formatInstant(approval.approval.expiresAt)}.`}
        </Alert>
      );
  }
}

/** Takes one's own request back; it needs no confirmation, since asking again costs nothing. */
export function WithdrawButton({ approval, onDone }: { approval: Approval; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const withdraw = async () => {
    setBusy(true);
    try {
      await withdrawApproval(approval);
    } catch (error) {
      toastError('The request was not withdrawn', toApiError(error).message);
      setBusy(false);
    }
    onDone();
  };
  return (
    <Button type="button" size="sm" variant="secondary" fill="text" disabled={busy} aria-label={`Withdraw the request: ${approval.summary}`} onClick={() => void withdraw()}>
      Withdraw the request
    </Button>
  );
}
