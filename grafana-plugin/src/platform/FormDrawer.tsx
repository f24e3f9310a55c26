// A form for one audited write, in a drawer: fields, what the API refused, and the button. The same input sent twice is
// the same intent, so that a retry after a lost answer does the thing once. What another admin has to approve is asked for.
import { css } from '@emotion/css';
import { useMemo, useState, type ReactNode, type SyntheticEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Drawer, Stack, useStyles2 } from '@grafana/ui';
import { toApiError, type ApiError } from './api-error.ts';
import { ApprovalNotice } from './approval/ApprovalNotice.tsx';
import { askForApproval, ticketOf, useApproval } from './approval/use-approval.ts';
import { createIntent } from './intent.ts';
import type { Form } from './use-form.ts';

interface Props<Values extends { reason: string }, Output, Result> {
  readonly title: string;
  readonly subtitle?: string;
  readonly form: Form<Values, Output>;
  readonly submitLabel: string;
  /** Token of a preview that says another admin has to approve the write (S16). */
  readonly approvalToken?: string;
  /** False while something beside the fields is missing, such as the preview. */
  readonly ready?: boolean;
  readonly execute: (body: Output, idempotencyKey: string) => Promise<Result>;
  readonly onDone: (result: Result) => void;
  readonly onClose: () => void;
  /** Called when what the form started from has changed meanwhile (409). */
  readonly onConflict?: (problem: ApiError) => void;
  readonly children: ReactNode;
}

export function FormDrawer<Values extends { reason: string }, Output, Result>({ title, subtitle, form, submitLabel, approvalToken, ready = true, execute, onDone, onClose, onConflict, children }: Props<Values, Output, Result>) {
  const styles = useStyles2(getStyles);
  const intent = useMemo(() => createIntent(), []);
  const [problem, setProblem] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const { approval, reload: lookAgain } = useApproval(approvalToken);
  const asking = approval.status === 'to_ask';
  const blocked = busy || !ready || approval.status === 'loading' || approval.status === 'failed' || approval.status === 'waiting';

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const body = form.check();
    if (body === undefined || blocked) {
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      onDone(await execute(body, intent(body)));
    } catch (error) {
      let failure = toApiError(error);
      const ticket = asking ? ticketOf(failure) : undefined;
      if (ticket !== undefined) {
        const refused = await askForApproval(ticket, form.values.reason).then(() => undefined, toApiError);
        lookAgain();
        if (refused === undefined) {
          setBusy(false);
          return;
        }
        failure = refused;
      }
      setProblem(failure);
      form.refuse(failure.errors);
      setBusy(false);
      if (failure.kind === 'conflict') {
        onConflict?.(failure);
      }
    }
  };

  return (
    <Drawer title={title} subtitle={subtitle} onClose={onClose} size="md">
      <form onSubmit={(event) => void submit(event)} noValidate className={styles.form}>
        {children}
        <ApprovalNotice approval={approval} onReload={lookAgain} />
        {problem && (
          <Alert severity={problem.kind === 'conflict' ? 'warning' : 'error'} title={problem.kind === 'denied' ? 'Your role may not do this' : 'Nothing was changed'} bottomSpacing={0}>
            {problem.message}
          </Alert>
        )}
        <Stack direction="row" gap={1} justifyContent="flex-end">
          <Button type="button" variant="secondary" fill="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={blocked} icon={busy ? 'spinner' : undefined}>
            {asking ? 'Ask for approval' : submitLabel}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ form: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }) });
