// The rules for everybody else: a share of them by the rollout, the rest by default.
import { useId } from 'react';
import { Button, Stack, Text } from '@grafana/ui';
import { everyone, interestingVariant } from '../draft.ts';
import { Complaint } from './Complaint.tsx';
import type { EditorProps } from './rules.tsx';
import { AddButton, Section } from './Section.tsx';
import { ServeEditor } from './ServeEditor.tsx';
import { VariantSelect } from './VariantSelect.tsx';

export function Rollout({ draft, set, problems, colors, disabled }: EditorProps) {
  const id = useId();
  const { rollout, ramp, variants, defaultVariant } = draft;
  const action = rollout ? (
    <Button size="sm" variant="secondary" fill="text" icon="trash-alt" disabled={disabled || ramp !== null} tooltip={ramp === null ? undefined : 'The ramp raises it; remove the ramp first'} onClick={() => set({ rollout: null })}>
      Remove the rollout
    </Button>
  ) : (
    <AddButton disabled={disabled} onClick={() => set({ rollout: { ...everyone(interestingVariant(draft)), percentage: 0 } })}>
      Add a rollout
    </AddButton>
  );
  return (
    <Section title={draft.experiment ? '4. Experiment, then rollout' : '4. Rollout'} text="Everybody whom no rule above has served. Raising the percentage never moves anybody out." action={action}>
      {rollout && <ServeEditor of="the rollout" whom="of them" path="rollout" serve={rollout} variants={variants} colors={colors} problems={problems} disabled={disabled} onChange={(next) => set({ rollout: next })} />}
      <Stack direction="row" gap={1} alignItems="center">
        <label htmlFor={id}>
          <Text color="secondary">Everybody else gets</Text>
        </label>
        <VariantSelect id={id} label="Everybody else gets" variants={variants} value={defaultVariant} disabled={disabled} onChange={(variant) => set({ defaultVariant: variant })} />
      </Stack>
      <Complaint texts={[problems.at('defaultVariant')]} />
    </Section>
  );
}
