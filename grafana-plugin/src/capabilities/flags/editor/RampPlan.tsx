// The plan of a ramp: which variant rises, by which steps, each held how long.
import { useId } from 'react';
import { Button, Field, Stack, Text } from '@grafana/ui';
import { everyone, interestingVariant, replacedAt, withoutAt, type Draft } from '../draft.ts';
import { Complaint } from './Complaint.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { EditorProps } from './rules.tsx';
import { AddButton, Section } from './Section.tsx';
import { VariantSelect } from './VariantSelect.tsx';

type Step = NonNullable<Draft['ramp']>['steps'][number];
const FIRST_STEPS: readonly Step[] = [5, 20, 50, 100].map((percentage) => ({ percentage, holdMinutes: 60 }));

/** The next step doubles the one before. */
const nextStep = (steps: readonly Step[]): Step => {
  const last = steps[steps.length - 1];
  return { percentage: Math.min(100, (last?.percentage ?? 2.5) * 2), holdMinutes: last?.holdMinutes ?? 60 };
};

export function RampPlan({ draft, set, problems, disabled, isUnderWay }: EditorProps & { isUnderWay: boolean }) {
  const id = useId();
  const { ramp, variants } = draft;
  if (ramp === null) {
    // A ramp raises the rollout, so a flag without one gets it with the plan.
    const variant = draft.rollout?.split[0]?.variant ?? interestingVariant(draft);
    const plan = () => set({ ramp: { variant, steps: [...FIRST_STEPS] }, rollout: draft.rollout ?? { ...everyone(variant), percentage: 0 } });
    return (
      <Section
        title="Plan"
        action={
          <AddButton disabled={disabled} onClick={plan}>
            Plan a ramp
          </AddButton>
        }
      />
    );
  }
  const change = (steps: Step[]) => set({ ramp: { ...ramp, steps } });
  const remove = (
    <Button size="sm" variant="secondary" fill="text" icon="trash-alt" disabled={disabled} onClick={() => set({ ramp: null })}>
      Remove the plan
    </Button>
  );
  return (
    <Section title="Plan" text={isUnderWay ? 'It can be changed once the ramp is over or aborted.' : undefined} action={remove}>
      <Field label="Variant that rises" htmlFor={id} noMargin>
        <VariantSelect id={id} label="Variant that rises" variants={variants} value={ramp.variant} disabled={disabled} onChange={(variant) => set({ ramp: { ...ramp, variant } })} />
      </Field>
      {ramp.steps.map((step, index) => (
        // Steps have no identity of their own and are never reordered.
        <div key={index}>
          <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
            <Text color="secondary" tabular>{index + 1}.</Text>
            <NumberInput label={`Percentage of step ${index + 1}`} value={step.percentage} suffix="%" invalid={problems.at(`ramp.steps.${index}.percentage`) !== undefined} disabled={disabled} onChange={(percentage) => change(replacedAt(ramp.steps, index, { ...step, percentage }))} />
            <Text color="secondary">held for</Text>
            <NumberInput label={`Minutes of step ${index + 1}`} value={step.holdMinutes} suffix="min" width={14} invalid={problems.at(`ramp.steps.${index}.holdMinutes`) !== undefined} disabled={disabled} onChange={(holdMinutes) => change(replacedAt(ramp.steps, index, { ...step, holdMinutes }))} />
            <Button size="sm" variant="secondary" fill="text" icon="times" aria-label={`Remove step ${index + 1}`} disabled={disabled || ramp.steps.length === 1} onClick={() => change(withoutAt(ramp.steps, index))} />
          </Stack>
          <Complaint texts={problems.within(`ramp.steps.${index}`)} />
        </div>
      ))}
      <Complaint texts={[problems.at('ramp'), problems.at('ramp.steps'), problems.at('ramp.variant')]} />
      <div>
        <AddButton disabled={disabled || ramp.steps.length >= 20} onClick={() => change([...ramp.steps, nextStep(ramp.steps)])}>
          Add a step
        </AddButton>
      </div>
    </Section>
  );
}
