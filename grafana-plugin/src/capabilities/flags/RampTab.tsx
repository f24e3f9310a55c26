// The ramp of a flag: where it stands, what its guardrails say, what a person can do with it, and its plan.
import { useMemo } from 'react';
import type { FlagDetail } from '@admin-center/contracts/flags';
import { PanelChrome, Stack, Text } from '@grafana/ui';
import { Empty } from '../../platform/states.tsx';
import { useDraft } from './draft-store.ts';
import { judge } from './draft.ts';
import { Guardrails } from './editor/Guardrails.tsx';
import { RampPlan } from './editor/RampPlan.tsx';
import type { EditorProps } from './editor/rules.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { GuardrailTable } from './GuardrailTable.tsx';
import { RampActions } from './RampActions.tsx';
import { RampSteps } from './RampSteps.tsx';
import { SaveBar } from './SaveFlag.tsx';
import { variantColors } from './variant-colors.ts';

const UNDER_WAY: ReadonlyArray<string | undefined> = ['running', 'held', 'waiting', 'paused'];

export function RampTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const { allowed } = useMayWrite();
  const editing = useDraft(flag);
  const { draft, set } = editing;
  const { problems } = useMemo(() => judge(draft), [draft]);
  const isUnderWay = UNDER_WAY.includes(flag.ramp?.state);
  const props: EditorProps = { draft, set, problems, colors: variantColors(draft), disabled: !allowed || isUnderWay || flag.state === 'archived' };
  const { ramp } = flag.definition;
  return (
    <Stack direction="column" gap={1}>
      <PanelChrome title="Where the ramp stands" actions={ramp ? <RampActions flag={flag} onChanged={reload} unsaved={editing.isDirty} /> : undefined}>
        {ramp ? (
          <RampSteps flag={flag} plan={ramp} />
        ) : (
          <Empty title="No ramp is planned" compact>
            A ramp raises the rollout step by step, goes no further than you approved, and goes back by itself when a guardrail is violated.
          </Empty>
        )}
      </PanelChrome>
      {flag.ramp && flag.ramp.guardrails.length > 0 && (
        <PanelChrome title="What the guardrails say" padding="none">
          <GuardrailTable results={flag.ramp.guardrails} guardrails={flag.definition.guardrails} />
        </PanelChrome>
      )}
      <PanelChrome title="Plan">
        <Stack direction="column" gap={2}>
          {isUnderWay && <Text color="secondary">The plan can be changed once the ramp is over or aborted.</Text>}
          <RampPlan {...props} />
        </Stack>
      </PanelChrome>
      <PanelChrome title="Guardrails" description="Asked every 15 seconds while the ramp is under way. A violation takes the rollout back at once; a query without an answer holds the ramp where it is.">
        <Guardrails flagKey={flag.key} {...props} />
      </PanelChrome>
      <SaveBar flag={flag} editing={editing} problems={problems} onSaved={reload} />
    </Stack>
  );
}
