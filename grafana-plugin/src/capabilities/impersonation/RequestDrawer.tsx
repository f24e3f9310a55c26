// Asking for a session: whom, why, for how long; what it touches; then the code to hand over.
import { useState } from 'react';
import { impersonation, MINUTES_DEFAULT, MINUTES_MAX_IN_TOTAL, REASON_CLASSES, SCOPES, type ImpersonationPreview } from '@admin-center/contracts/impersonation';
import { Alert, Stack, type ComboboxOption } from '@grafana/ui';
import { adminActions } from '../../platform/admin-actions.ts';
import { call } from '../../platform/api.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { RadioField, ReasonField, SelectField, TextField } from '../../platform/FormFields.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useForm } from '../../platform/use-form.ts';
import { findUsers } from '../users/find-users.ts';
import type { LinkedRequest, PanelContext } from './context.ts';
import { HandOff, type Granted } from './HandOff.tsx';
import { reasonClassName, scopeName } from './names.ts';
import { emptyRequest, requestInput, requestSchema } from './request-form.ts';
import { RequestPreview } from './RequestPreview.tsx';

const { request } = impersonation.endpoints;
const REASONS = REASON_CLASSES.map((value) => ({ value, label: reasonClassName(value) }));
const SCOPE_CHOICES = SCOPES.map((value) => ({ value, label: scopeName(value) }));

interface Props {
  /** Whom, when that is settled, and the panel the admin came from. */
  readonly linked?: Partial<LinkedRequest>;
  readonly onClose: () => void;
}

export function RequestDrawer({ linked, onClose }: Props) {
  const [granted, setGranted] = useState<Granted>();
  return granted ? <HandOff granted={granted} onClose={onClose} /> : <RequestForm linked={linked} onClose={onClose} onGranted={setGranted} />;
}

function RequestForm({ linked, onClose, onGranted }: Props & { onGranted: (granted: Granted) => void }) {
  const form = useForm(requestSchema, emptyRequest(linked), requestInput(linked?.context));
  const [preview, setPreview] = useState<ImpersonationPreview>();
  const [looks, setLooks] = useState(0);
  const [picked, setPicked] = useState<ComboboxOption<string> | null>(null);
  const { userId, scope } = form.values;
  const minutes = Number(form.values.minutes);
  const canPreview = userId !== '' && form.error('minutes') === undefined;
  const chosen = picked ?? (preview && { value: userId, label: preview.target.email });
  return (
    <FormDrawer
      title="Impersonate a user"
      subtitle="See the product as they see it. Everything in the session is recorded under both names."
      form={form}
      submitLabel="Ask for the session"
      approvalToken={preview?.approval === 'needed' ? preview.token : undefined}
      ready={preview !== undefined && preview.refusal === null}
      execute={(body, idempotencyKey) => call(request, { body: { ...body, previewToken: preview?.token } }, { idempotencyKey })}
      onConflict={() => setLooks((count) => count + 1)}
      onClose={onClose}
      onDone={(result) => {
        adminActions.next({ action: request.audit, auditSequence: result.auditSequence });
        onGranted(result);
      }}
    >
      {linked?.context && <ContextNote context={linked.context} />}
      <SelectField form={form} name="userId" label="User" placeholder="E-mail, name or id" options={findUsers} chosen={chosen} onChosen={setPicked} complaint="Choose a user." required />
      {canPreview && <RequestPreview key={looks} query={{ userId, scope, minutes }} onPreview={setPreview} />}
      <SelectField form={form} name="reasonClass" label="What it is about" placeholder="Choose one" options={REASONS} complaint="Choose what it is about." required />
      <ReasonField form={form} />
      <TextField form={form} name="ticket" label="Ticket" description="Its id, or its https:// address." placeholder="SUP-4711" />
      <Stack direction="row" gap={3} wrap="wrap" alignItems="flex-start">
        <RadioField form={form} name="scope" label="Scope" options={SCOPE_CHOICES} description={scope === 'read' ? 'Every change is refused.' : 'Protected actions stay refused.'} />
        <TextField form={form} name="minutes" type="number" label="Minutes" description={`At most ${MINUTES_DEFAULT}; extended once, ${MINUTES_MAX_IN_TOTAL} in all.`} complaint={`From 1 to ${MINUTES_DEFAULT}.`} width={12} />
      </Stack>
    </FormDrawer>
  );
}

const ContextNote = ({ context }: { context: PanelContext }) => (
  <Alert severity="info" title={`From ${context.title ?? 'a panel'}`} bottomSpacing={0}>
    {formatInstant(context.from)} to {formatInstant(context.to)}. The link is kept with the reason.
  </Alert>
);
