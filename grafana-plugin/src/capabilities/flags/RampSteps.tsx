// The steps of a ramp in a row: taken, held now, approved, not approved yet.
import { css, cx } from '@emotion/css';
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Stack, Text, useStyles2, type IconName } from '@grafana/ui';
import { RampBadge } from './badges.tsx';

type Plan = NonNullable<FlagDefinition['ramp']>;
type StepState = 'taken' | 'now' | 'approved' | 'planned';

const ICONS: Readonly<Record<StepState, IconName>> = { taken: 'check-circle', now: 'play', approved: 'thumbs-up', planned: 'circle' };
const WORDS: Readonly<Record<StepState, string>> = { taken: 'taken', now: 'held now', approved: 'approved', planned: 'needs your approval' };
const OVER: readonly string[] = ['rolled_back', 'aborted', 'idle'];

export function stepState(index: number, ramp: FlagDetail['ramp']): StepState {
  if (ramp === null || OVER.includes(ramp.state)) {
    return 'planned';
  }
  if (ramp.state === 'done' || index < (ramp.step ?? 0)) {
    return 'taken';
  }
  if (index === ramp.step) {
    return 'now';
  }
  return index <= (ramp.approvedStep ?? -1) ? 'approved' : 'planned';
}

/** "12 of 60 min" */
const held = (seconds: number, minutes: number): string => `${Math.min(minutes, Math.floor(seconds / 60))} of ${minutes} min`;

export function RampSteps({ flag, plan }: { flag: FlagDetail; plan: Plan }) {
  const styles = useStyles2(getStyles);
  const { ramp } = flag;
  return (
    <Stack direction="column" gap={1}>
      <Stack direction="row" gap={1} alignItems="center" wrap="wrap">
        <RampBadge state={ramp?.state ?? 'idle'} />
        <Text color="secondary">{ramp?.message ?? `Raises ${plan.variant} from ${flag.percentage ?? 0}%.`}</Text>
      </Stack>
      <ol className={styles.steps} aria-label="Steps of the ramp">
        {plan.steps.map(({ percentage, holdMinutes }, index) => {
          const state = stepState(index, ramp);
          return (
            <li key={index} className={cx(styles.step, styles[state])} aria-current={state === 'now' ? 'step' : undefined}>
              <span className={styles.percentage}>
                <Icon name={ICONS[state]} /> {percentage}%
              </span>
              <span>{state === 'now' ? held(ramp?.heldSeconds ?? 0, holdMinutes) : `${holdMinutes} min`}</span>
              <span>{WORDS[state]}</span>
            </li>
          );
        })}
      </ol>
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  steps: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
  step: css({
    display: 'flex',
    flexDirection: 'column',
    minWidth: 130,
    padding: theme.spacing(1, 1.5),
    border: `1px solid ${theme.colors.border.weak}`,
    borderTopWidth: 3,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  percentage: css({ color: theme.colors.text.primary, fontSize: theme.typography.h5.fontSize, fontVariantNumeric: 'tabular-nums' }),
  taken: css({ borderTopColor: theme.colors.success.border }),
  now: css({ borderTopColor: theme.colors.info.border, background: theme.colors.info.transparent }),
  approved: css({ borderTopColor: theme.colors.info.border }),
  planned: css({}),
});
