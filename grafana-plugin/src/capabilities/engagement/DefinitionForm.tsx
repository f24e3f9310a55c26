// The next version of what makes a user active, with a dry run of how many users it would have made active.
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import type { Definition, DefinitionPreview } from '@admin-center/contracts/engagement-answers';
import { Alert, Button, Stack, Text } from '@grafana/ui';
import { toApiError, type ApiError } from '../../platform/api-error.ts';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { Facts } from '../../platform/Facts.tsx';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { RadioField, ReasonField } from '../../platform/FormFields.tsx';
import { formatCount } from '../../platform/format.ts';
import { useForm } from '../../platform/use-form.ts';
import { linesOf, namesOf } from './names.ts';
import { NamesField } from './NamesField.tsx';

const { previewDefinition, setDefinition } = engagement.endpoints;
const MODES = [
  { value: 'all_except', label: 'All but these' },
  { value: 'only', label: 'Only these' },
] as const;

interface Props {
  readonly inForce: Definition;
  readonly onDone: () => void;
  readonly onClose: () => void;
}
interface Values {
  readonly mode: Definition['mode'];
  readonly events: string;
  readonly reason: string;
}
type DryRun = { readonly input: string; readonly answer?: DefinitionPreview; readonly error?: ApiError };

export function DefinitionForm({ inForce, onDone, onClose }: Props) {
  const [toInput] = useState(() => ({ mode, events, reason }: Values) => ({ mode, events: namesOf(events), reason, version: inForce.version }));
  const form = useForm(setDefinition.body, { mode: inForce.mode, events: linesOf(inForce.events), reason: '' } satisfies Values as Values, toInput);
  const [dryRun, setDryRun] = useState<DryRun>();
  const judged = { mode: form.values.mode, events: namesOf(form.values.events) };
  const input = JSON.stringify(judged);
  const shown = dryRun?.input === input ? dryRun : undefined;
  const look = () => call(previewDefinition, { body: judged }).then((answer) => setDryRun({ input, answer }), (error: unknown) => setDryRun({ input, error: toApiError(error) }));
  return (
    <FormDrawer
      title={`Version ${inForce.version + 1} of what makes a user active`}
      subtitle="For events that arrive from now on. The past is not rewritten."
      form={form}
      submitLabel="Put it in force"
      ready={shown?.answer !== undefined}
      execute={(body, idempotencyKey) => call(setDefinition, { body }, { idempotencyKey })}
      onDone={(result) => done(setDefinition.audit, result, onDone)}
      onClose={onClose}
    >
      <RadioField form={form} name="mode" label="Events that count" options={MODES} />
      <NamesField form={form} label="Events" description="Names of track events, one a line. Page views, screens, mails opened, impersonated sessions and admins never count." />
      <Stack direction="column" gap={1} alignItems="flex-start">
        <Button type="button" variant="secondary" icon="eye" onClick={() => void look()}>
          Dry run
        </Button>
        {shown === undefined && <Text color="secondary">See first how many users it would have made active.</Text>}
        {shown?.error && (
          <Alert severity="error" title="The dry run failed">
            {shown.error.message}
          </Alert>
        )}
        {shown?.answer && <Outcome preview={shown.answer} />}
      </Stack>
      <ReasonField form={form} />
    </FormDrawer>
  );
}

const Outcome = ({ preview: { windows, unknownEvents } }: { preview: DefinitionPreview }) => (
  <>
    <Facts label="Dry run" facts={windows.map(({ days, users, usersNow }) => [`Active in ${days} days`, `${formatCount(users)}, now ${formatCount(usersNow)}`])} />
    {unknownEvents.length > 0 && <Alert severity="warning" title={`Nobody sent ${unknownEvents.join(', ')} in the last 30 days`} bottomSpacing={0} />}
  </>
);
