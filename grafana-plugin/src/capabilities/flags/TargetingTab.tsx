// Who gets which variant: the rules in the order they are tried, and beside them what they mean for the users there are.
import { css } from '@emotion/css';
import { flags, type FlagDetail } from '@admin-center/contracts/flags';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, PanelChrome, Text, useStyles2 } from '@grafana/ui';
import { useApi } from '../../platform/use-api.ts';
import { useDraft } from './draft-store.ts';
import { Prerequisites, Schedule } from './editor/Availability.tsx';
import { General } from './editor/General.tsx';
import { Segments, Tiers, UserLists, type EditorProps } from './editor/rules.tsx';
import { Rollout } from './editor/Rollout.tsx';
import { Section } from './editor/Section.tsx';
import { Variants } from './editor/Variants.tsx';
import { ExplainUser } from './ExplainUser.tsx';
import { useMayWrite } from './FlagSwitch.tsx';
import { LivePreview } from './LivePreview.tsx';
import { PlannedChanges } from './PlannedChanges.tsx';
import { SaveBar } from './SaveFlag.tsx';
import { useJudged } from './use-judged.ts';
import { variantColors } from './variant-colors.ts';

export function TargetingTab({ flag, reload }: { flag: FlagDetail; reload: () => void }) {
  const styles = useStyles2(getStyles);
  const { allowed, refusal } = useMayWrite();
  const editing = useDraft(flag);
  const { draft, set } = editing;
  const judged = useJudged(flag, editing, allowed);
  const { problems, definition } = judged;
  const colors = variantColors(draft);
  const props: EditorProps = { draft, set, problems, colors, disabled: !allowed || flag.state === 'archived' };
  const everyFlag = useApi(flags.endpoints.list, { query: { limit: 100 } });
  const others = (everyFlag.data?.items ?? []).filter(({ key }) => key !== flag.key);
  return (
    <>
      {refusal && <Alert severity="info" title={`You may look, not change: ${refusal.charAt(0).toLowerCase()}${refusal.slice(1)}.`} bottomSpacing={0} />}
      <div className={styles.columns}>
        <div className={styles.rules}>
          <UserLists {...props} />
          <Segments {...props} />
          <Tiers {...props} />
          <Rollout {...props} />
          <Variants {...props} />
          <Section title="When the rules count" text="Before all rules: the schedule, then the prerequisites.">
            <Schedule {...props} />
            <Prerequisites {...props} others={others} />
          </Section>
          <PlannedChanges flag={flag} onChanged={reload} />
          <Section title="About the flag">
            <General {...props} />
          </Section>
          <SaveBar flag={flag} editing={editing} problems={problems} onSaved={reload} />
        </div>
        <div className={styles.aside}>
          <PanelChrome title="Who gets which variant" description="Evaluated for every user of the directory, by the rules as they are in the editor.">
            {allowed ? <LivePreview flag={flag} judged={judged} isDirty={editing.isDirty} colors={colors} /> : <Text color="secondary">{refusal ?? ''}</Text>}
          </PanelChrome>
          <PanelChrome title="Why does one user get theirs?">
            <ExplainUser flagKey={flag.key} definition={problems.count === 0 ? definition : undefined} />
          </PanelChrome>
        </div>
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(320px, 380px)', gap: theme.spacing(2), alignItems: 'start', [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' } }),
  rules: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  aside: css({ position: 'sticky', top: theme.spacing(1), display: 'flex', flexDirection: 'column', gap: theme.spacing(1), [theme.breakpoints.down('lg')]: { position: 'static' } }),
});
