// The steps of a funnel as bars: who reached each, and of those who stopped there who dropped out and who may still go on,
// hatched. Every part of a bar opens the persons behind it.
import { css, cx } from '@emotion/css';
import { stepName, type FUNNEL_OUTCOMES, type FunnelDefinition, type FunnelGroup } from '@admin-center/contracts/conversion-funnels';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { formatCount } from '../../../platform/format.ts';
import { durationText, percentText } from '../durations.ts';

export interface Bar {
  readonly step: number;
  readonly outcome: (typeof FUNNEL_OUTCOMES)[number];
  readonly value: string | null;
}

interface Props {
  readonly definition: Pick<FunnelDefinition, 'steps' | 'order'>;
  readonly group: FunnelGroup;
  /** Left out where the persons cannot be listed, as in a preview. */
  readonly onBar?: (bar: Bar) => void;
}

interface Part {
  readonly outcome: Bar['outcome'];
  readonly users: number;
  readonly className: string;
  readonly text: string;
}

export function FunnelBars({ definition, group, onBar }: Props) {
  const styles = useStyles2(getStyles);
  const share = (users: number): number => (group.entered === 0 ? 0 : users / group.entered);
  return (
    <ol className={styles.steps} aria-label="Steps of the funnel">
      {group.steps.map((result, index) => {
        const step = definition.steps[index];
        const name = definition.order === 'any' ? `Any ${index + 1} of the steps` : step ? stepName(step) : '';
        const before = group.steps[index - 1];
        const parts: readonly Part[] = [
          { outcome: 'reached', users: result.users, className: styles.reached, text: 'reached' },
          ...(before === undefined
            ? []
            : ([
                { outcome: 'pending', users: before.pending, className: styles.pending, text: 'may still get here' },
                { outcome: 'dropped', users: before.dropped, className: styles.dropped, text: 'dropped out before' },
              ] as const)),
        ];
        return (
          <li key={index} className={styles.step}>
            <div className={styles.head}>
              <span className={styles.name}>
                {index + 1}. {name}
              </span>
              <span className={styles.facts}>
                {formatCount(result.users)} · {percentText(group.entered === 0 ? null : share(result.users))} of all
                {before !== undefined && ` · ${percentText(before.users === 0 ? null : result.users / before.users)} of the step before`}
                {before !== undefined && result.medianSeconds !== null && ` · median ${durationText(result.medianSeconds)}`}
              </span>
            </div>
            <div className={styles.track}>
              {parts.map(({ outcome, users, className, text }) => {
                // Whoever stopped at the step before is told of there, so the bar of a step ends where the one before does.
                const label = `${name}: ${formatCount(users)} ${text}`;
                const style = { width: `${share(users) * 100}%` };
                if (users === 0) {
                  return null;
                }
                return onBar === undefined ? (
                  <span key={outcome} className={cx(styles.part, className)} style={style} title={label} />
                ) : (
                  <button key={outcome} type="button" className={cx(styles.part, className)} style={style} title={label} aria-label={`${label}. Show them.`} onClick={() => onBar({ step: outcome === 'reached' ? index + 1 : index, outcome, value: group.value })} />
                );
              })}
            </div>
            {before !== undefined && before.pending + before.dropped > 0 && (
              <div className={styles.facts}>
                {formatCount(before.dropped)} dropped out, {formatCount(before.pending)} pending
              </div>
            )}
          </li>
        );
      })}
    </ol>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const hatch = `repeating-linear-gradient(135deg, ${theme.colors.primary.main} 0 3px, transparent 3px 8px)`;
  return {
    steps: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5) }),
    step: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
    head: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1), flexWrap: 'wrap' }),
    name: css({ fontWeight: theme.typography.fontWeightMedium }),
    facts: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
    track: css({ display: 'flex', height: 24, background: theme.colors.background.secondary, borderRadius: theme.shape.radius.default, overflow: 'hidden' }),
    part: css({
      display: 'block',
      height: '100%',
      minWidth: 3,
      padding: 0,
      border: 0,
      '&:is(button)': { cursor: 'pointer' },
      '&:is(button):hover': { filter: 'brightness(1.15)' },
      '&:focus-visible': { outline: `2px solid ${theme.colors.text.maxContrast}`, outlineOffset: -2 },
    }),
    reached: css({ background: theme.colors.primary.main }),
    pending: css({ background: hatch }),
    dropped: css({ background: theme.colors.error.transparent }),
  };
};
