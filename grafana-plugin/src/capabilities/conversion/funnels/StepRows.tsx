// One step of a funnel and one event that disqualifies, as rows of the editor.
import type { FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { Combobox, IconButton, Input, Stack, Text } from '@grafana/ui';
import { moved, replaced, type ExclusionDraft, type StepDraft } from './draft.ts';
import { DurationInput } from './DurationInput.tsx';
import { MatchFields } from './MatchFields.tsx';

interface StepProps {
  readonly step: StepDraft;
  readonly index: number;
  readonly steps: FunnelDefinition['steps'];
  readonly problem: (field: string) => string | undefined;
  readonly onSteps: (steps: FunnelDefinition['steps']) => void;
}

export function StepRow({ step, index, steps, problem, onSteps }: StepProps) {
  const of = `step ${index + 1}`;
  const change = (patch: Partial<StepDraft>) => onSteps(replaced(steps, index, { ...step, ...patch }));
  return (
    <Stack direction="column" gap={0.5}>
      <Stack direction="row" gap={1} alignItems="center">
        <Text variant="bodySmall" color="secondary">{`Step ${index + 1}`}</Text>
        <IconButton name="arrow-up" tooltip={`Move ${of} up`} type="button" disabled={index === 0} onClick={() => onSteps(moved(steps, index, -1).map(withoutFirstWindow))} />
        <IconButton name="arrow-down" tooltip={`Move ${of} down`} type="button" disabled={index === steps.length - 1} onClick={() => onSteps(moved(steps, index, 1).map(withoutFirstWindow))} />
        <IconButton name="trash-alt" tooltip={`Remove ${of}`} type="button" disabled={steps.length <= 2} onClick={() => onSteps(replaced(steps, index, null).map(withoutFirstWindow))} />
      </Stack>
      <MatchFields match={step} of={of} problem={problem} onChange={change} />
      <Stack direction="row" gap={1} wrap="wrap">
        <Input aria-label={`Title of ${of}`} width={26} placeholder="Title, if other than the name" value={step.name} autoComplete="off" onChange={(event) => change({ name: event.currentTarget.value })} />
        {index > 0 && <DurationInput label={`Longest time before ${of}`} placeholder="no limit" seconds={step.windowSeconds} problem={problem('windowSeconds')} onChange={(windowSeconds) => change({ windowSeconds })} />}
      </Stack>
    </Stack>
  );
}

/** The first step has no step before. */
const withoutFirstWindow = (step: StepDraft, index: number): StepDraft => (index === 0 ? { ...step, windowSeconds: null } : step);

interface ExclusionProps {
  readonly exclusion: ExclusionDraft;
  readonly index: number;
  readonly steps: number;
  readonly problem: (field: string) => string | undefined;
  /** Null takes it out. */
  readonly onChange: (exclusion: ExclusionDraft | null) => void;
}

export function ExclusionRow({ exclusion, index, steps, problem, onChange }: ExclusionProps) {
  const of = `event ${index + 1} that disqualifies`;
  const numbers = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, offset) => ({ value: first + offset, label: `step ${first + offset}` }));
  return (
    <Stack direction="column" gap={0.5}>
      <MatchFields match={exclusion} of={of} problem={(field) => problem(field) ?? (field === 'event' ? problem('before') : undefined)} onChange={(patch) => onChange({ ...exclusion, ...patch })} />
      <Stack direction="row" gap={1} alignItems="center">
        <Text variant="bodySmall">after</Text>
        <Combobox aria-label={`Step after which ${of}`} width={12} options={numbers(1, steps - 1)} value={exclusion.after} onChange={({ value }) => onChange({ ...exclusion, after: value })} />
        <Text variant="bodySmall">and before</Text>
        <Combobox aria-label={`Step before which ${of}`} width={12} options={numbers(2, steps)} value={exclusion.before} onChange={({ value }) => onChange({ ...exclusion, before: value })} />
        <IconButton name="trash-alt" tooltip={`Remove ${of}`} type="button" onClick={() => onChange(null)} />
      </Stack>
    </Stack>
  );
}
