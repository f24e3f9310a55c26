// The ramp of a flag: where it stands, what its guardrails say, what a person can do with it, and its plan.
import { css } from '@emotion/css';
import { useEffect } from 'react';
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { PanelChrome, Stack, useStyles2 } from '@grafana/ui';
import { Empty } from '../../platform/states.tsx';
import { useDraft } from './draft-store.ts';
import { Guardrails } from './editor/Guardrails.tsx';
import { RampPlan } from './editor/RampPlan.tsx';
import type { EditorProps } from './editor/rules.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { GuardrailTable } from './GuardrailTable.tsx';
import { RampActions } from './RampActions.tsx';
import { RampSteps } from './RampSteps.tsx';
import { SaveBar } from './SaveFlag.tsx';
import { useJudged } from './use-judged.ts';
import { variantColors } from './variant-colors.ts';

/** A ramp moves by itself, so its page looks again. */
const LOOK_AGAIN_MS = 5_000;
const UNDER_WAY: ReadonlyArray<string | undefined> = ['running', 'held', 'waiting', 'paused'];

export function RampTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const styles = useStyles2(getStyles);
  const { allowed } = useMayWrite();
  const editing = useDraft(flag);
  const { draft, set } = editing;
  const { problems } = useJudged(flag, editing, allowed);
  const isUnderWay = UNDER_WAY.includes(flag.ramp?.state);
  useEffect(() => {
    const timer = isUnderWay ? setInterval(reload, LOOK_AGAIN_MS) : undefined;
    return () => clearInterval(timer);
  }, [isUnderWay, reload]);
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
      <div className={styles.columns}>
        <RampPlan {...props} isUnderWay={isUnderWay} />
        <Guardrails flagKey={flag.key} {...props} />
      </div>
      <SaveBar flag={flag} editing={editing} problems={problems} onSaved={reload} />
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({ display: 'grid', gridTemplateColumns: 'minmax(320px, 2fr) minmax(0, 3fr)', alignItems: 'start', gap: theme.spacing(1), [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' } }),
});
