// The experiment on a flag: what is believed, who takes part, and its start and end. What was frozen with the start stays.
import { useId, type ReactElement } from 'react';
import { describeMetric, experimentMetric } from '@admin-center/contracts/conversion-experiments';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import { EXPERIMENT_ANALYSES } from '@admin-center/contracts/flags-definition';
import { Badge, Button, Combobox, Field, Input, LinkButton, MultiCombobox, PanelChrome, Stack, Text, TextArea } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { Ago } from '../../platform/time.tsx';
import { experimentUrl } from '../conversion/experiments/words.ts';
import { useDraft } from './draft-store.ts';
import type { Draft } from './draft.ts';
import { Complaint } from './editor/Complaint.tsx';
import { NumberInput } from './editor/NumberInput.tsx';
import type { EditorProps } from './editor/rules.tsx';
import { SplitEditor } from './editor/ServeEditor.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { moveFacts } from './moves.ts';
import { SaveBar } from './SaveFlag.tsx';
import { useJudged } from './use-judged.ts';
import { variantColors } from './variant-colors.ts';

type Plan = NonNullable<Draft['experiment']>;
const { preview, startExperiment, stopExperiment } = flags.endpoints;

const newPlan = ({ variants }: Draft): Plan => ({ hypothesis: '', metric: '', analysis: 'sequential', unit: 'user', weights: variants.map(({ key }) => ({ variant: key, weight: 1 })), holdOut: 0, plannedN: 5000, exclusionGroup: null, guardrails: [] });

export function ExperimentTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const { allowed } = useMayWrite();
  const editing = useDraft(flag);
  const { draft, set } = editing;
  const { problems } = useJudged(flag, editing, allowed);
  const isRunning = flag.experiment?.state === 'running';
  const props: EditorProps = { draft, set, problems, colors: variantColors(draft), disabled: !allowed || isRunning || flag.state === 'archived' };
  return (
    <Stack direction="column" gap={1}>
      <PanelChrome title="Experiment" actions={flag.definition.experiment ? <StartOrStop flag={flag} isRunning={isRunning} unsaved={editing.isDirty} onChanged={reload} /> : undefined}>
        <Stack direction="column" gap={2}>
          <State flag={flag} />
          {draft.experiment ? (
            <PlanEditor {...props} plan={draft.experiment} />
          ) : (
            <div>
              <Button size="sm" variant="secondary" icon="plus" disabled={props.disabled} onClick={() => set({ experiment: newPlan(draft) })}>
                Plan an experiment
              </Button>
            </div>
          )}
        </Stack>
      </PanelChrome>
      <SaveBar flag={flag} editing={editing} problems={problems} onSaved={reload} />
    </Stack>
  );
}

function State({ flag: { key, experiment } }: { flag: FlagDetail }) {
  switch (experiment?.state) {
    case 'running':
      return (
        <Text>
          <Badge text="running" color="purple" /> since <Ago at={experiment.startedAt} />. Hypothesis, metric, weights and size are frozen until it is stopped. <Results flag={key} />
        </Text>
      );
    case 'stopped':
      return (
        <Text>
          <Badge text="stopped" color="darkgrey" /> <Ago at={experiment.stoppedAt} />. <Results flag={key} />
        </Text>
      );
    default:
      return <Text color="secondary">An experiment divides everybody whom no named list, segment or tier decides about, before the rollout does.</Text>;
  }
}

const Results = ({ flag }: { flag: string }) => (
  <LinkButton size="sm" variant="secondary" fill="text" icon="chart-line" href={experimentUrl(flag)}>
    Results
  </LinkButton>
);

const ANALYSES: ReadonlyArray<{ value: Plan['analysis']; label: string; description: string }> = EXPERIMENT_ANALYSES.map((value) =>
  value === 'sequential' ? { value, label: 'sequential', description: 'May be watched and ended at any time.' } : { value, label: 'fixed', description: 'Read once, at the planned size.' }
);

/** What a metric means, as it is typed. Other texts than the computable forms are kept: they say what decides elsewhere. */
function meaningOf(text: string): string {
  const metric = experimentMetric(text);
  return metric === null ? 'event:<name>, count:<name>, feature:<key>, converted_to_paid or revenue:<currency>. Anything else is kept as a text, and its result cannot be computed here.' : `${describeMetric(metric)}.`;
}

function PlanEditor({ draft, set, problems, colors, disabled, plan }: EditorProps & { plan: Plan }) {
  const change = (patch: Partial<Plan>) => set({ experiment: { ...plan, ...patch } });
  const group = plan.exclusionGroup;
  return (
    <Stack direction="column" gap={2}>
      <Labelled label="Hypothesis" description="What is expected to change, and why." error={problems.at('experiment.hypothesis')} required>
        {(id) => <TextArea id={id} rows={2} value={plan.hypothesis} disabled={disabled} onChange={({ currentTarget }) => change({ hypothesis: currentTarget.value })} />}
      </Labelled>
      <Labelled label="Metric that decides" description={meaningOf(plan.metric)} error={problems.at('experiment.metric')} required>
        {(id) => <Input id={id} value={plan.metric} disabled={disabled} onChange={({ currentTarget }) => change({ metric: currentTarget.value })} />}
      </Labelled>
      <div>
        <Text weight="medium">Variants by weight</Text>
        <SplitEditor of="the experiment" split={plan.weights} variants={draft.variants} colors={colors} disabled={disabled} onChange={(weights) => change({ weights })} />
        <Complaint texts={problems.within('experiment.weights')} />
      </div>
      <Stack direction="row" gap={3} wrap="wrap">
        <Labelled label="Users per variant" description="Frozen with the start; it is read once it is reached." error={problems.at('experiment.plannedN')}>
          {(id) => <NumberInput id={id} width={16} value={plan.plannedN} disabled={disabled} onChange={(plannedN) => change({ plannedN })} />}
        </Labelled>
        <Labelled label="Analysis" description="Frozen with the start.">
          {(id) => <Combobox<Plan['analysis']> id={id} width={16} options={[...ANALYSES]} value={plan.analysis} disabled={disabled} onChange={({ value }) => change({ analysis: value })} />}
        </Labelled>
        <Labelled label="Left out" description="Never take part and get the default variant." error={problems.at('experiment.holdOut')}>
          {(id) => <NumberInput id={id} suffix="%" value={plan.holdOut} disabled={disabled} onChange={(holdOut) => change({ holdOut })} />}
        </Labelled>
        <Labelled label="Exclusion group" description="Experiments of one group with separate ranges share no user." error={problems.within('experiment.exclusionGroup').join(' ') || undefined}>
          {(id) => <Input id={id} width={24} placeholder="none" value={group?.name ?? ''} disabled={disabled} onChange={({ currentTarget: { value } }) => change({ exclusionGroup: value === '' ? null : { from: 0, to: 100, ...group, name: value } })} />}
        </Labelled>
        {group && (
          <Labelled label="Its range" description="Per cent of the group's users.">
            {(id) => (
              <Stack direction="row" gap={1} alignItems="center">
                <NumberInput id={id} label="Start of the range" suffix="%" value={group.from} disabled={disabled} onChange={(from) => change({ exclusionGroup: { ...group, from } })} />
                <NumberInput label="End of the range" suffix="%" value={group.to} disabled={disabled} onChange={(to) => change({ exclusionGroup: { ...group, to } })} />
              </Stack>
            )}
          </Labelled>
        )}
      </Stack>
      {draft.guardrails.length > 0 && (
        <Labelled label="Guardrails that must hold">
          {(id) => <MultiCombobox<string> id={id} options={draft.guardrails.map(({ name }) => ({ value: name, label: name }))} value={plan.guardrails} disabled={disabled} onChange={(options) => change({ guardrails: options.map(({ value }) => value) })} />}
        </Labelled>
      )}
      <div>
        <Button size="sm" variant="secondary" fill="text" icon="trash-alt" disabled={disabled} onClick={() => set({ experiment: null })}>
          Remove the plan
        </Button>
      </div>
    </Stack>
  );
}

interface LabelledProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
  readonly required?: boolean;
  readonly children: (id: string) => ReactElement<Record<string, unknown>>;
}

function Labelled({ label, description, error, required, children }: LabelledProps) {
  const id = useId();
  return (
    <Field label={label} description={description} htmlFor={id} invalid={error !== undefined} error={error} required={required} noMargin>
      {children(id)}
    </Field>
  );
}

interface StartProps {
  readonly flag: FlagDetail;
  readonly isRunning: boolean;
  readonly unsaved: boolean;
  readonly onChanged: () => void;
}

function StartOrStop({ flag, isRunning, unsaved, onChanged }: StartProps) {
  const params = { key: flag.key };
  const endpoint = isRunning ? stopExperiment : startExperiment;
  const verb = isRunning ? 'Stop' : 'Start';
  return (
    <ActionButton
      label={verb}
      on={`the experiment on ${flag.key}`}
      icon={isRunning ? 'times-circle' : 'play'}
      permission="flags:write"
      refusal={unsaved ? 'Save the plan first' : undefined}
      audit={endpoint.audit}
      title={`${verb} the experiment on ${flag.name}`}
      explanation={isRunning ? 'Who took part falls to the rollout or the default.' : 'Hypothesis, metric, weights and size are frozen until it is stopped.'}
      confirmLabel={`${verb} experiment`}
      destructive={isRunning}
      preview={(signal) => call(preview, { params, body: { change: { kind: 'experiment', running: !isRunning } } }, { signal })}
      facts={moveFacts}
      execute={(body, idempotencyKey) => call(endpoint, { params, body: { ...body, version: flag.version } }, { idempotencyKey })}
      onDone={onChanged}
    />
  );
}
