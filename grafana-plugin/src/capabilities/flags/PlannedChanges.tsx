// Changes of a flag that a worker makes at their time: turn it on or off, or set the rollout. Each can be cancelled until then.
import { useState } from 'react';
import { instant, reason } from '@admin-center/contracts/fields';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { Badge, Button, Stack, Text } from '@grafana/ui';
import { z } from 'zod';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { RadioField, ReasonField, TextField } from '../../platform/FormFields.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useForm } from '../../platform/use-form.ts';
import { fromLocal } from './editor/Availability.tsx';
import { Section } from './editor/Section.tsx';
import { useMayWrite } from './FlagSwitch.tsx';

type Planned = FlagDetail['planned'][number];
type Effect = 'on' | 'off' | 'percentage';
const { plan, cancelPlanned } = flags.endpoints;

const STATES = { planned: 'blue', applied: 'green', failed: 'red', canceled: 'darkgrey' } as const;
const effectText = ({ effect }: Planned): string => (effect.kind === 'state' ? `turn ${effect.state}` : `set the rollout to ${effect.percentage} %`);

interface Props {
  readonly flag: FlagDetail;
  readonly onChanged: () => void;
}

export function PlannedChanges({ flag, onChanged }: Props) {
  const { refusal } = useMayWrite();
  const [isOpen, setIsOpen] = useState(false);
  const action = (
    <Button size="sm" variant="secondary" icon="plus" disabled={refusal !== undefined} tooltip={refusal} onClick={() => setIsOpen(true)}>
      Plan a change
    </Button>
  );
  return (
    <Section title="Planned changes" text="Made at their time to the flag as it is then." action={action}>
      {flag.planned.map((planned) => (
        <Stack key={planned.id} direction="row" gap={1} alignItems="center" wrap="wrap">
          <Badge text={planned.state} color={STATES[planned.state]} />
          <Text>
            {formatInstant(planned.at)}: {effectText(planned)}
          </Text>
          <Text color="secondary">{[planned.by.name, planned.reason, planned.note].filter(Boolean).join('; ')}</Text>
          {planned.state === 'planned' && <Cancel flag={flag} planned={planned} onChanged={onChanged} />}
        </Stack>
      ))}
      {isOpen && <PlanForm flag={flag} onChanged={onChanged} onClose={() => setIsOpen(false)} />}
    </Section>
  );
}

const Cancel = ({ flag, planned, onChanged }: Props & { planned: Planned }) => (
  <ActionButton
    label="Cancel"
    on={`the change planned for ${formatInstant(planned.at)}`}
    icon="times"
    permission="flags:write"
    audit={cancelPlanned.audit}
    title={`Cancel a planned change of ${flag.name}`}
    explanation={`It would ${effectText(planned)} at ${formatInstant(planned.at)}.`}
    confirmLabel="Cancel the change"
    execute={({ reason: why }, idempotencyKey) => call(cancelPlanned, { params: { key: flag.key, plannedId: planned.id }, body: { reason: why } }, { idempotencyKey })}
    onDone={onChanged}
  />
);

const schema = z.object({ at: instant, effect: z.enum(['on', 'off', 'percentage']), percentage: z.number({ error: 'A number from 0 to 100.' }).min(0).max(100), reason });
const INITIAL = { at: '', effect: 'on' as Effect, percentage: '100', reason: '' };

function PlanForm({ flag, onChanged, onClose }: Props & { onClose: () => void }) {
  const form = useForm(schema, INITIAL, (values) => ({ ...values, at: fromLocal(values.at) ?? '', percentage: values.effect === 'percentage' ? Number.parseFloat(values.percentage) : 0 }));
  return (
    <FormDrawer
      title={`Plan a change of ${flag.name}`}
      form={form}
      submitLabel="Plan change"
      execute={({ at, effect, percentage, reason: why }, idempotencyKey) =>
        call(plan, { params: { key: flag.key }, body: { at, effect: effect === 'percentage' ? { kind: 'percentage', percentage } : { kind: 'state', state: effect }, reason: why } }, { idempotencyKey })
      }
      onDone={(result) => {
        onClose();
        done(plan.audit, result, onChanged);
      }}
      onClose={onClose}
    >
      <TextField form={form} name="at" type="datetime-local" label="When" description="In the time zone of this browser." required />
      <RadioField
        form={form}
        name="effect"
        label="What"
        options={[
          { value: 'on', label: 'Turn on' },
          { value: 'off', label: 'Turn off' },
          ...(flag.definition.rollout ? [{ value: 'percentage' as const, label: 'Set the rollout' }] : []),
        ]}
      />
      {form.values.effect === 'percentage' && <TextField form={form} name="percentage" type="number" label="Percentage of the rollout" />}
      <ReasonField form={form} />
    </FormDrawer>
  );
}
