// What a person does with a ramp: start it, approve further steps, pause, go on, end it. It never goes past what somebody
// approved, so how far is chosen beside the buttons.
import { useState } from 'react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import type { RampChange } from '@admin-center/contracts/flags-ramp';
import { Combobox, Stack, type IconName } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { moveFacts } from './moves.ts';

interface Props {
  readonly flag: FlagDetail;
  readonly onChanged: () => void;
  /** The plan on screen is not the one that would run. */
  readonly unsaved: boolean;
}

const { previewRamp, startRamp, promoteRamp, pauseRamp, resumeRamp, abortRamp } = flags.endpoints;

export function RampActions({ flag, onChanged, unsaved }: Props) {
  const steps = flag.definition.ramp?.steps ?? [];
  const { state = 'idle', step = null, approvedStep = null } = flag.ramp ?? {};
  const isUnderWay = ['running', 'held', 'waiting', 'paused'].includes(state);
  const last = steps.length - 1;
  const first = isUnderWay ? Math.min(last, Math.max((approvedStep ?? 0) + 1, (step ?? 0) + 1)) : 0;
  const [chosen, setChosen] = useState<number>();
  const upTo = Math.min(last, Math.max(first, chosen ?? first));
  const choices = steps.flatMap(({ percentage }, index) => (index >= first ? [{ value: index, label: `approve up to ${percentage}%` }] : []));
  const label = `to ${steps[upTo]?.percentage ?? 0}%`;
  const notOn = flag.state === 'on' ? undefined : `The flag is ${flag.state}; turn it on first`;
  const common = { flag, onChanged };
  const isAtEnd = isUnderWay && (approvedStep ?? 0) >= last;

  return (
    <Stack direction="row" gap={1} alignItems="center">
      {!isAtEnd && <Combobox<number> aria-label="Approve up to" width={27} options={choices} value={upTo} onChange={({ value }) => setChosen(value)} />}
      {!isUnderWay && (
        <Act {...common} label="Start" icon="play" refusal={unsaved ? 'Save the plan first' : notOn} change={{ kind: 'start', approvedStep: upTo }} explanation={`Takes the first step now and goes on by itself ${label} while the guardrails hold.`} execute={(body, idempotencyKey) => call(startRamp, { params: { key: flag.key }, body: { ...body, approvedStep: upTo } }, { idempotencyKey })} />
      )}
      {isUnderWay && !isAtEnd && (
        <Act {...common} label="Approve" icon="thumbs-up" change={{ kind: 'promote', approvedStep: upTo, now: false }} explanation={`Lets it go on by itself ${label} while the guardrails hold.`} execute={(body, idempotencyKey) => call(promoteRamp, { params: { key: flag.key }, body: { ...body, approvedStep: upTo } }, { idempotencyKey })} />
      )}
      {(state === 'running' || state === 'held') && (
        <Act {...common} label="Pause" icon="pause" explanation="Keeps the rollout where it is; the guardrails still guard." execute={(body, idempotencyKey) => call(pauseRamp, { params: { key: flag.key }, body }, { idempotencyKey })} />
      )}
      {state === 'paused' && <Act {...common} label="Resume" icon="play" explanation="Goes on with the step it stands at." execute={(body, idempotencyKey) => call(resumeRamp, { params: { key: flag.key }, body }, { idempotencyKey })} />}
      {(isUnderWay || state === 'rolled_back') && (
        <Act
          {...common}
          label="Abort"
          icon="times-circle"
          destructive
          change={isUnderWay ? { kind: 'abort' } : undefined}
          explanation={isUnderWay ? `Ends the ramp and takes the rollout back to ${flag.ramp?.percentageBefore ?? 0}%.` : 'Ends the alert about this rollback; the rollout stays where it was taken back to.'}
          execute={(body, idempotencyKey) => call(abortRamp, { params: { key: flag.key }, body }, { idempotencyKey })}
        />
      )}
    </Stack>
  );
}

interface ActProps {
  readonly flag: FlagDetail;
  readonly onChanged: () => void;
  readonly label: string;
  readonly icon: IconName;
  readonly destructive?: boolean;
  readonly refusal?: string;
  readonly explanation: string;
  /** What is previewed; pausing and going on touch nobody. */
  readonly change?: RampChange;
  readonly execute: (body: { reason: string; previewToken?: string; version: number }, idempotencyKey: string) => Promise<{ message: string; auditSequence: number }>;
}

const Act = ({ flag, onChanged, label, change, execute, ...rest }: ActProps) => (
  <ActionButton
    {...rest}
    label={label}
    on={`the ramp of ${flag.key}`}
    permission="flags:write"
    audit={startRamp.audit}
    title={`${label} the ramp of ${flag.name}`}
    confirmLabel={`${label} ramp`}
    preview={change && ((signal) => call(previewRamp, { params: { key: flag.key }, body: { change } }, { signal }))}
    facts={moveFacts}
    execute={(confirmation, idempotencyKey) => execute({ ...confirmation, version: flag.version }, idempotencyKey)}
    onDone={onChanged}
  />
);
