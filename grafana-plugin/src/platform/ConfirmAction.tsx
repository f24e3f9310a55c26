// The way to every audited write: see what it touches, say why, confirm. A write that finds the world changed since the
// preview (409) shows the new preview and asks again. One that another admin has to approve first is asked for instead.
import { useId, useMemo, useState, type ReactNode, type SyntheticEvent } from 'react';
import { reason as reasonSchema, type BlastRadius as Radius } from '@admin-center/contracts/fields';
import { Alert, Button, Field, Modal, TextArea } from '@grafana/ui';
import { toApiError, type ApiError } from './api-error.ts';
import { ApprovalNotice } from './approval/ApprovalNotice.tsx';
import { askForApproval, ticketOf, useApproval } from './approval/use-approval.ts';
import { BlastRadius } from './BlastRadius.tsx';
import { complaint } from './complaints.ts';
import { createIntent } from './intent.ts';
import { Failed, Loading } from './states.tsx';
import { usePreview, type LoadPreview, type Preview } from './use-preview.ts';

export interface Confirmation {
  readonly reason: string;
  /** What the person saw; the write is refused when that is no longer what it would touch. */
  readonly previewToken?: string;
}

interface Props<Result, R extends Radius> {
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly explanation: string;
  readonly confirmLabel: string;
  readonly destructive?: boolean;
  /** Left out for actions that touch no users. */
  readonly preview?: LoadPreview<R>;
  /** What the preview of this write tells beyond users and money. */
  readonly facts?: (radius: R) => ReadonlyArray<readonly [string, string]>;
  readonly execute: (confirmation: Confirmation, idempotencyKey: string) => Promise<Result>;
  readonly onDone: (result: Result) => void;
  readonly onClose: () => void;
  /** What the write changes, where a sentence does not say it. */
  readonly children?: ReactNode;
}

export function ConfirmAction<Result, R extends Radius = Radius>({ title, explanation, confirmLabel, destructive, preview: load, facts, execute, onDone, onClose, children }: Props<Result, R>) {
  const reasonId = useId();
  const intent = useMemo(() => createIntent(), []);
  const { preview, reload } = usePreview(load);
  const [reason, setReason] = useState('');
  const [reasonError, setReasonError] = useState<string>();
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const radius = preview.status === 'ready' ? preview.radius : undefined;
  const { approval, reload: lookAgain } = useApproval(radius?.approval === 'needed' ? radius.token : undefined);
  const asking = approval.status === 'to_ask';
  const ready = (preview.status === 'none' || preview.status === 'ready') && (asking || approval.status === 'not_needed' || approval.status === 'granted');

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const checked = reasonSchema.safeParse(reason, { error: complaint });
    setReasonError(checked.error?.issues[0]?.message);
    if (!checked.success || !ready || busy) {
      return;
    }
    setBusy(true);
    setProblem(undefined);
    const confirmation = { reason: checked.data, previewToken: radius?.token };
    try {
      onDone(await execute(confirmation, intent(confirmation)));
    } catch (error) {
      const failure = toApiError(error);
      const ticket = asking ? ticketOf(failure) : undefined;
      if (ticket !== undefined) {
        await ask(ticket, checked.data);
        return;
      }
      setProblem(failure);
      setReasonError(failure.errors.find(({ path }) => path.includes('reason'))?.message);
      setBusy(false);
      if (failure.kind === 'conflict') {
        reload();
      }
    }
  };

  /** The API refuses a write it wants approved with a ticket that says what it was; that is what the approver will read. */
  const ask = async (ticket: string, why: string) => {
    try {
      await askForApproval(ticket, why);
    } catch (error) {
      setProblem(toApiError(error));
    }
    setBusy(false);
    lookAgain();
  };

  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{explanation}</p>
        {problem && (
          <Alert severity={problem.kind === 'conflict' ? 'warning' : 'error'} title={problemTitle(problem)}>
            {problem.message}
          </Alert>
        )}
        {children}
        <PreviewSection preview={preview} facts={facts} onRetry={reload} />
        <ApprovalNotice approval={approval} onReload={lookAgain} />
        <Field
          label="Reason"
          htmlFor={reasonId}
          description="Kept in the audit log beside the action, at least 10 characters."
          invalid={reasonError !== undefined}
          error={reasonError}
          required
          noMargin
        >
          <TextArea id={reasonId} value={reason} rows={3} maxLength={500} onChange={(event) => setReason(event.currentTarget.value)} />
        </Field>
        <Modal.ButtonRow>
          <Button type="button" variant="secondary" fill="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={destructive && !asking ? 'destructive' : 'primary'} disabled={busy || !ready} icon={busy ? 'spinner' : undefined}>
            {asking ? 'Ask for approval' : confirmLabel}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  );
}

function PreviewSection<R extends Radius>({ preview, facts, onRetry }: { preview: Preview<R>; facts?: (radius: R) => ReadonlyArray<readonly [string, string]>; onRetry: () => void }) {
  switch (preview.status) {
    case 'none':
      return null;
    case 'loading':
      return <Loading what="what this touches" compact />;
    case 'failed':
      return <Failed what="what this touches" error={preview.error} onRetry={onRetry} compact />;
    case 'ready':
      return <BlastRadius radius={preview.radius} more={facts?.(preview.radius)} />;
  }
}

const problemTitle = (problem: ApiError): string => {
  if (problem.code === 'approval_needed') {
    return 'Another admin has to approve this first';
  }
  if (problem.kind === 'conflict') {
    return 'This has changed since you looked. Below is what it touches now; confirm again if it is still right.';
  }
  return problem.kind === 'denied' ? 'Your role may not do this' : 'Nothing was changed';
};
