// Making and changing a funnel: judged as one types, with what it would give for the last days beside it.
import { css } from '@emotion/css';
import { useState } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { FUNNEL_BREAKDOWNS, type FUNNEL_ORDERS, funnelDefinition, funnelKey, type Funnel, type FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { reason } from '@admin-center/contracts/fields';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, Field, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { z } from 'zod';
import type { ApiError } from '../../../platform/api-error.ts';
import { call } from '../../../platform/api.ts';
import { done } from '../../../platform/done.ts';
import { FormDrawer } from '../../../platform/FormDrawer.tsx';
import { ReasonField, TextField } from '../../../platform/FormFields.tsx';
import { useForm } from '../../../platform/use-form.ts';
import { draftOf, emptyExclusion, emptyStep, keyOf, problemsOf, replaced, withSteps } from './draft.ts';
import { DurationInput } from './DurationInput.tsx';
import { LivePreview } from './LivePreview.tsx';
import { EventNames } from './MatchFields.tsx';
import { ExclusionRow, StepRow } from './StepRows.tsx';

const schema = z.object({ key: funnelKey, name: z.string().trim().min(1, 'It needs a name.').max(100), definition: funnelDefinition, reason });
const ORDERS = [
  { value: 'ordered', label: 'In order', description: 'Other events may come between.' },
  { value: 'strict', label: 'Strictly', description: 'Each step is the very next event.' },
  { value: 'any', label: 'Any order', description: 'All of them, in whichever order.' },
] as const satisfies ReadonlyArray<{ value: (typeof FUNNEL_ORDERS)[number]; label: string; description: string }>;
const SPLITS = FUNNEL_BREAKDOWNS.map((value) => ({ value, label: value }));
const { createFunnel, updateFunnel } = conversion.endpoints;

interface Props {
  /** Left out for a new one. */
  readonly funnel?: Funnel;
  readonly onClose: () => void;
  readonly onSaved: (funnel: Funnel) => void;
}

export function FunnelEditor({ funnel, onClose, onSaved }: Props) {
  const styles = useStyles2(getStyles);
  const [version, setVersion] = useState(funnel?.version ?? 0);
  const initial = { key: funnel?.key ?? '', name: funnel?.definition.name ?? '', definition: draftOf(funnel), reason: '' };
  const form = useForm(schema, initial, (values) => ({ ...values, definition: { ...values.definition, name: values.name } }));
  const { definition, name, key } = form.values;
  const change = (patch: Partial<FunnelDefinition>) => form.set({ definition: { ...definition, ...patch } });
  const setSteps = (steps: FunnelDefinition['steps']) => form.set({ definition: withSteps(definition, steps) });
  const problems = problemsOf({ ...definition, name: name || '-' });
  // An empty new step is not scolded before anything is typed into it.
  const problem = (path: string): string | undefined => (path.endsWith('.event') && form.error('definition') === undefined ? undefined : problems[path]);
  const setName: typeof form.set = (patch) => form.set(funnel === undefined && patch.name !== undefined && key === keyOf(name) ? { ...patch, key: keyOf(patch.name) } : patch);

  return (
    <FormDrawer
      title={funnel ? `Change ${funnel.definition.name}` : 'New funnel'}
      subtitle={funnel ? 'Where this changes who entered or converted, its past is worked out again.' : 'Its past is worked out by a job; results follow in a minute.'}
      form={form}
      submitLabel={funnel ? 'Save funnel' : 'Create funnel'}
      execute={(values, idempotencyKey) =>
        funnel
          ? call(updateFunnel, { params: { key: funnel.key }, body: { definition: values.definition, reason: values.reason, version } }, { idempotencyKey })
          : call(createFunnel, { params: { key: values.key }, body: { definition: values.definition, reason: values.reason } }, { idempotencyKey })
      }
      onConflict={(conflict) => setVersion(currentVersion(conflict) ?? version)}
      onDone={(result) => {
        onClose();
        done(funnel ? updateFunnel.audit : createFunnel.audit, result, () => onSaved(result.funnel));
      }}
      onClose={onClose}
    >
      <TextField form={{ ...form, set: setName }} name="name" label="Name" required />
      {funnel === undefined && <TextField form={form} name="key" label="Key" description="Its name in metrics and addresses. It never changes." required />}
      <Field label="Order of the steps" description={ORDERS.find(({ value }) => value === definition.order)?.description} noMargin>
        <RadioButtonGroup aria-label="Order of the steps" options={[...ORDERS].map(({ value, label }) => ({ value, label }))} value={definition.order} onChange={(order) => change({ order })} />
      </Field>
      <Field label="Window" description="From the entry. Who has not converted by its end dropped out." noMargin>
        <DurationInput label="Window" seconds={definition.windowSeconds} problem={problems['windowSeconds']} onChange={(seconds) => change({ windowSeconds: seconds ?? 0 })} />
      </Field>
      <fieldset className={styles.group}>
        <legend>Steps</legend>
        <EventNames />
        {definition.steps.map((step, index) => (
          <StepRow key={index} step={step} index={index} steps={definition.steps} problem={(field) => problem(`steps.${index}.${field}`)} onSteps={setSteps} />
        ))}
        <Button type="button" variant="secondary" icon="plus" size="sm" disabled={definition.steps.length >= 8} onClick={() => setSteps([...definition.steps, emptyStep])}>
          Add a step
        </Button>
      </fieldset>
      {definition.order !== 'strict' && (
        <fieldset className={styles.group}>
          <legend>Events that disqualify</legend>
          {definition.exclusions.map((exclusion, index) => (
            <ExclusionRow
              key={index}
              exclusion={exclusion}
              index={index}
              steps={definition.steps.length}
              problem={(field) => problem(`exclusions.${index}.${field}`)}
              onChange={(next) => change({ exclusions: replaced(definition.exclusions, index, next) })}
            />
          ))}
          <Button type="button" variant="secondary" icon="plus" size="sm" disabled={definition.exclusions.length >= 5} onClick={() => change({ exclusions: [...definition.exclusions, emptyExclusion] })}>
            Add an event that disqualifies
          </Button>
        </fieldset>
      )}
      <Field label="Breakdown" description="What the result is split by at first." noMargin>
        <Combobox aria-label="Breakdown" width={20} options={SPLITS} value={definition.breakdown} onChange={({ value }) => change({ breakdown: value })} />
      </Field>
      <LivePreview definition={funnelDefinition.safeParse({ ...definition, name: name || '-' }).data} />
      <ReasonField form={form} />
    </FormDrawer>
  );
}

const currentVersion = ({ extensions }: ApiError): number | undefined => (extensions['current'] as { version?: number } | undefined)?.version;

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), alignItems: 'flex-start', legend: { fontSize: theme.typography.h6.fontSize, marginBottom: theme.spacing(1) } }),
});
