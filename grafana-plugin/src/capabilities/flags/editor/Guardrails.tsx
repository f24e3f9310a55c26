// Guardrails of a flag: PromQL that must hold while it ramps, tried out against Prometheus before it is relied on.
import { css } from '@emotion/css';
import { useState } from 'react';
import { flags } from '@admin-center/contracts/flags';
import { flagGuardrail } from '@admin-center/contracts/flags-definition';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, Input, Stack, Text, TextArea, useStyles2 } from '@grafana/ui';
import { toApiError } from '../../../platform/api-error.ts';
import { call } from '../../../platform/api.ts';
import { replacedAt, withoutAt, type Draft } from '../draft.ts';
import { Complaint } from './Complaint.tsx';
import { NumberInput } from './NumberInput.tsx';
import type { EditorProps } from './rules.tsx';
import { AddButton, Section } from './Section.tsx';

type Guardrail = Draft['guardrails'][number];
const COMPARISONS = ['>', '>=', '<', '<='] as const;
const FIRST: Omit<Guardrail, 'name'> = {
  promql: 'sum(rate(http_server_request_duration_seconds_count{flag_variant="{{variant}}", http_response_status_code=~"5.."}[5m])) / sum(rate(http_server_request_duration_seconds_count{flag_variant="{{variant}}"}[5m]))',
  comparison: '>',
  threshold: 0.01,
  minimumSample: 100,
};

export function Guardrails({ flagKey, draft, set, problems, disabled }: EditorProps & { flagKey: string }) {
  const styles = useStyles2(getStyles);
  const { guardrails } = draft;
  const add = () => {
    let number = guardrails.length + 1;
    while (guardrails.some(({ name }) => name === `guardrail-${number}`)) {
      number += 1;
    }
    set({ guardrails: [...guardrails, { ...FIRST, name: `guardrail-${number}` }] });
  };
  const action = (
    <AddButton disabled={disabled || guardrails.length >= 10} onClick={add}>
      Add a guardrail
    </AddButton>
  );
  return (
    <Section title="Guardrails" text="Two evaluations in a row that find one violated take the rollout back; a query without an answer holds the ramp where it is." action={action}>
      <ul className={styles.list} aria-label="Guardrails">
        {guardrails.map((guardrail, index) => (
          // The name is edited in place, so the position is what stays.
          <li key={index} className={styles.guardrail}>
            <GuardrailEditor
              flagKey={flagKey}
              variant={draft.ramp?.variant ?? draft.defaultVariant}
              guardrail={guardrail}
              complaints={problems.within(`guardrails.${index}`)}
              disabled={disabled}
              onChange={(next) => set({ guardrails: replacedAt(guardrails, index, next) })}
              onRemove={() => set({ guardrails: withoutAt(guardrails, index) })}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface EditorRowProps {
  readonly flagKey: string;
  readonly variant: string;
  readonly guardrail: Guardrail;
  readonly complaints: readonly string[];
  readonly disabled: boolean;
  readonly onChange: (guardrail: Guardrail) => void;
  readonly onRemove: () => void;
}

function GuardrailEditor({ flagKey, variant, guardrail, complaints, disabled, onChange, onRemove }: EditorRowProps) {
  const { name } = guardrail;
  const set = (patch: Partial<Guardrail>) => onChange({ ...guardrail, ...patch });
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" gap={1} alignItems="center">
        <Input aria-label={`Name of ${name}`} width={30} value={name} disabled={disabled} onChange={({ currentTarget }) => set({ name: currentTarget.value })} />
        <Button size="sm" variant="secondary" fill="text" icon="trash-alt" aria-label={`Remove ${name}`} disabled={disabled} onClick={onRemove} />
      </Stack>
      <TextArea aria-label={`Query of ${name}`} rows={3} spellCheck={false} value={guardrail.promql} disabled={disabled} onChange={({ currentTarget }) => set({ promql: currentTarget.value })} />
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <Text color="secondary">Breached when</Text>
        <Combobox<Guardrail['comparison']> aria-label={`Comparison of ${name}`} width={10} options={COMPARISONS.map((value) => ({ value, label: value }))} value={guardrail.comparison} disabled={disabled} onChange={({ value }) => set({ comparison: value })} />
        <NumberInput label={`Threshold of ${name}`} width={14} value={guardrail.threshold} disabled={disabled} onChange={(threshold) => set({ threshold })} />
        <Text color="secondary">judged from</Text>
        <NumberInput label={`Smallest sample of ${name}`} width={12} value={guardrail.minimumSample} disabled={disabled} onChange={(minimumSample) => set({ minimumSample })} />
        <Text color="secondary">evaluations in 5 minutes</Text>
      </Stack>
      <Complaint texts={complaints} />
      {!disabled && <TryOut flagKey={flagKey} variant={variant} guardrail={guardrail} />}
    </Stack>
  );
}

/** What the query gives right now, or Prometheus's own words on what is wrong with it. */
function TryOut({ flagKey, variant, guardrail }: { flagKey: string; variant: string; guardrail: Guardrail }) {
  const [answer, setAnswer] = useState<{ readonly text: string; readonly failed: boolean }>();
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    try {
      const { message, series } = await call(flags.endpoints.checkGuardrail, { params: { key: flagKey }, body: { guardrail, variant } });
      setAnswer({ text: series > 1 ? `${message} (${series} series; the worst counts)` : message, failed: false });
    } catch (error) {
      setAnswer({ text: toApiError(error).message, failed: true });
    }
    setBusy(false);
  };
  return (
    <Stack direction="row" gap={1} alignItems="center">
      <Button size="sm" variant="secondary" icon={busy ? 'spinner' : 'play'} disabled={busy || !flagGuardrail.safeParse(guardrail).success} aria-label={`Try ${guardrail.name}`} onClick={() => void ask()}>
        Try it
      </Button>
      <span role="status" aria-live="polite">
        {answer && <Text color={answer.failed ? 'error' : 'secondary'}>{answer.text}</Text>}
      </span>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  guardrail: css({
    padding: theme.spacing(1.5),
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    textarea: { fontFamily: theme.typography.fontFamilyMonospace, fontSize: theme.typography.bodySmall.fontSize },
  }),
});
