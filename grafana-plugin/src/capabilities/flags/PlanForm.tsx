// Planning a change of a flag: when, what, whom it will touch by then, and why.
import { useMemo } from 'react';
import { reason } from '@admin-center/contracts/fields';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { plan as planned } from '@admin-center/contracts/flags-plan';
import { flagPercentage } from '@admin-center/contracts/flags-definition';
import { z } from 'zod';
import { call } from '../../platform/api.ts';
import { BlastRadius } from '../../platform/BlastRadius.tsx';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { RadioField, ReasonField, TextField } from '../../platform/FormFields.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useForm } from '../../platform/use-form.ts';
import { useReload } from '../../platform/use-reload.ts';
import { fromLocal } from './editor/Availability.tsx';
import { moveFacts } from './moves.ts';
import { useDebounced } from './use-debounced.ts';

type Effect = 'on' | 'off' | 'percentage';
const { plan, previewPlan } = flags.endpoints;
const PAUSE_MS = 400;

const schema = z.object({ at: planned.at, effect: z.enum(['on', 'off', 'percentage']), percentage: z.number({ error: 'A number from 0 to 100.' }).pipe(flagPercentage), reason });
const INITIAL = { at: '', effect: 'on' as Effect, percentage: '100', reason: '' };
const planSchema = schema.omit({ reason: true }).transform(({ at, effect, percentage: share }) => ({
  at,
  effect: effect === 'percentage' ? ({ kind: 'percentage', percentage: share } as const) : ({ kind: 'state', state: effect } as const),
}));

const toInput = (values: typeof INITIAL) => ({ ...values, at: fromLocal(values.at) ?? '', percentage: values.effect === 'percentage' ? Number.parseFloat(values.percentage) : 0 });

interface Props {
  readonly flag: FlagDetail;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

export function PlanForm({ flag, onChanged, onClose }: Props) {
  const params = { key: flag.key };
  const form = useForm(schema, INITIAL, toInput);
  const { at, effect, percentage: share } = form.values;
  const { data: body } = useMemo(() => planSchema.safeParse(toInput({ at, effect, percentage: share, reason: '' })), [at, effect, share]);
  const settled = useDebounced(body, PAUSE_MS);
  const preview = useApi(previewPlan, settled ? { params, body: settled } : null);
  useReload(preview.reload, flag.version);
  const isShown = body !== undefined && settled === body && preview.status === 'ready';
  return (
    <FormDrawer
      title={`Plan a change of ${flag.name}`}
      form={form}
      submitLabel="Plan change"
      approvalToken={isShown && preview.data.approval === 'needed' ? preview.data.token : undefined}
      // What is missing in the fields is told by them.
      ready={body === undefined || isShown}
      execute={({ reason: why, ...values }, idempotencyKey) =>
        call(plan, { params, body: { ...planSchema.parse(values), reason: why, previewToken: preview.data?.token } }, { idempotencyKey })
      }
      onConflict={preview.reload}
      onDone={(result) => {
        onClose();
        done(plan.audit, result, onChanged);
      }}
      onClose={onClose}
    >
      <TextField form={form} name="at" type="datetime-local" label="When" required />
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
      {settled && (
        <Loaded result={preview} what="what this touches" compact>
          {(radius) => <BlastRadius radius={radius} more={moveFacts(radius)} />}
        </Loaded>
      )}
      <ReasonField form={form} />
    </FormDrawer>
  );
}
