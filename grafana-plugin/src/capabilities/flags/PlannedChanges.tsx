// Changes of a flag that a worker makes at their time: turn it on or off, or set the rollout. Each can be cancelled until then.
import { useState } from 'react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { Badge, Button, Stack, Text } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { byWhom } from '../../platform/format.ts';
import { formatInstant } from '../../platform/time.tsx';
import { Section } from './editor/Section.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { PlanForm } from './PlanForm.tsx';

type Planned = FlagDetail['planned'][number];
const { cancelPlanned } = flags.endpoints;

const STATES = { planned: 'blue', applied: 'green', failed: 'red', canceled: 'darkgrey' } as const;
const effectText = ({ effect }: Planned): string => (effect.kind === 'state' ? `turn ${effect.state}` : `set the rollout to ${effect.percentage}%`);

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
          <Text color="secondary">{[byWhom(planned.by.name), planned.reason, planned.note].filter(Boolean).join('; ')}</Text>
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
