// Who gets which variant: the rules in the order they are tried, and beside them what they mean for the users there are.
import { css } from '@emotion/css';
import { useMemo, type ReactNode } from 'react';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, PanelChrome, Text, useStyles2 } from '@grafana/ui';
import { useApi } from '../../platform/use-api.ts';
import { useDraft } from './draft-store.ts';
import { everyone, interestingVariant, judge } from './draft.ts';
import { Prerequisites, Schedule } from './editor/Availability.tsx';
import { General } from './editor/General.tsx';
import { Segments, Tiers, UserLists, type EditorProps } from './editor/rules.tsx';
import { ServeEditor } from './editor/ServeEditor.tsx';
import { Variants } from './editor/Variants.tsx';
import { ExplainUser } from './ExplainUser.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { LivePreview } from './LivePreview.tsx';
import { SaveBar } from './SaveFlag.tsx';
import { variantColors } from './variant-colors.ts';

export function TargetingTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const styles = useStyles2(getStyles);
  const { allowed, refusal } = useMayWrite();
  const editing = useDraft(flag);
  const { draft, set } = editing;
  const { definition, problems } = useMemo(() => judge(draft), [draft]);
  const lastValid = definition ?? flag.definition;
  const colors = variantColors(draft);
  const props: EditorProps = { draft, set, problems, colors, disabled: !allowed || flag.state === 'archived' };
  const everyFlag = useApi(flags.endpoints.list, { query: { limit: 100 } });
  const others = (everyFlag.data?.items ?? []).filter(({ key }) => key !== flag.key);
  return (
    <>
      {refusal && <Alert severity="info" title={`You may look, not change: ${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}.`} bottomSpacing={0} />}
      <div className={styles.columns}>
        <div className={styles.rules}>
          <Section title="Variants" text="What code can be told.">
            <Variants {...props} />
          </Section>
          <Section title="When the rules count" text="First of all: the schedule, then the prerequisites.">
            <Schedule {...props} />
            <Prerequisites {...props} others={others} />
          </Section>
          <Section title="1. Named users">
            <UserLists {...props} />
          </Section>
          <Section title="2. Segments" text="All conditions of a segment have to hold; the first segment that fits decides.">
            <Segments {...props} />
          </Section>
          <Section title="3. Tiers">
            <Tiers {...props} />
          </Section>
          <Section title={`4. ${draft.experiment ? 'Experiment, then rollout' : 'Rollout'}`} text="Everybody whom no rule above has served. Raising the percentage never moves anybody out.">
            <Rollout {...props} />
          </Section>
          <Section title="About the flag">
            <General {...props} />
          </Section>
          <SaveBar flag={flag} editing={editing} problems={problems} onSaved={reload} />
        </div>
        <div className={styles.aside}>
          <PanelChrome title="Who gets which variant" description="Evaluated for every user of the directory, by the rules as they are in the editor.">
            {allowed ? <LivePreview flagKey={flag.key} definition={lastValid} colors={colors} /> : <Text color="secondary">{refusal ?? ''}</Text>}
          </PanelChrome>
          <PanelChrome title="Why does one user get theirs?">
            <ExplainUser flagKey={flag.key} definition={definition} />
          </PanelChrome>
        </div>
      </div>
    </>
  );
}

function Rollout({ draft, set, problems, colors, disabled }: EditorProps) {
  const { rollout, variants } = draft;
  if (rollout === null) {
    return (
      <div>
        <Button size="sm" variant="secondary" icon="plus" disabled={disabled} onClick={() => set({ rollout: { ...everyone(interestingVariant(draft)), percentage: 0 } })}>
          Add a rollout
        </Button>
      </div>
    );
  }
  return (
    <>
      <ServeEditor of="the rollout" whom="of them" path="rollout" serve={rollout} variants={variants} colors={colors} problems={problems} disabled={disabled} onChange={(next) => set({ rollout: next })} />
      <div>
        <Button size="sm" variant="secondary" fill="text" icon="trash-alt" disabled={disabled || draft.ramp !== null} tooltip={draft.ramp === null ? undefined : 'The ramp raises it; remove the ramp first'} onClick={() => set({ rollout: null })}>
          Remove the rollout
        </Button>
      </div>
    </>
  );
}

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.section} aria-label={title}>
      <Text element="h2" variant="h5">
        {title}
      </Text>
      {text && (
        <Text color="secondary" variant="bodySmall">
          {text}
        </Text>
      )}
      {children}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(320px, 380px)', gap: theme.spacing(2), alignItems: 'start', [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' } }),
  rules: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  section: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5, 2, 2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  aside: css({ position: 'sticky', top: theme.spacing(1), display: 'flex', flexDirection: 'column', gap: theme.spacing(1), [theme.breakpoints.down('lg')]: { position: 'static' } }),
});
