// The effect of each variant with its interval on one axis. An interval that crosses the line at 0 leaves both directions
// possible.
import { css } from '@emotion/css';
import type { ExperimentInterval } from '@admin-center/contracts/conversion-experiments';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { scaleOf } from './scale.ts';
import { formatInterval } from './words.ts';

export interface ForestRow {
  readonly variant: string;
  readonly interval: ExperimentInterval;
}

interface Props {
  readonly rows: readonly ForestRow[];
  readonly format: (value: number) => string;
  readonly control: string;
}

export function ForestPlot({ rows, format, control }: Props) {
  const styles = useStyles2(getStyles);
  const scale = scaleOf(rows.flatMap(({ interval: { lower, point, upper } }) => [lower ?? point, point, upper ?? point]));
  const percent = (value: number) => `${scale.at(value) * 100}%`;
  return (
    <div className={styles.plot} role="list" aria-label={`Effects against ${control}`}>
      {rows.map(({ variant, interval }) => (
        <div key={variant} role="listitem" className={styles.row} aria-label={`${variant}: ${formatInterval(interval, format)}`}>
          <span className={styles.name}>{variant}</span>
          <span className={styles.track} aria-hidden>
            <Bar interval={interval} scale={scale} />
          </span>
          <span className={styles.value}>{formatInterval(interval, format)}</span>
        </div>
      ))}
      <div className={styles.row} aria-hidden>
        <span className={styles.name} />
        <span className={styles.axis}>
          {scale.ticks.map((tick) => (
            <span key={tick} style={{ left: percent(tick) }}>
              {tick === 0 ? '0' : format(tick)}
            </span>
          ))}
        </span>
        <span className={styles.value} />
      </div>
    </div>
  );
}

function Bar({ interval: { lower, point, upper }, scale }: { interval: ExperimentInterval; scale: ReturnType<typeof scaleOf> }) {
  const theme = useTheme2();
  const isClear = (lower ?? 0) > 0 || (upper ?? 0) < 0;
  const color = isClear ? theme.colors.primary.text : theme.colors.text.secondary;
  const x = (value: number) => scale.at(value) * 100;
  return (
    // Stretched to the width there is; strokes keep theirs.
    <svg viewBox="0 0 100 24" preserveAspectRatio="none" width="100%" height="24">
      {scale.ticks.map((tick) => (
        <line key={tick} x1={x(tick)} x2={x(tick)} y1="0" y2="24" stroke={tick === 0 ? theme.colors.text.primary : theme.colors.border.weak} strokeWidth="1" vectorEffect="non-scaling-stroke" />
      ))}
      {lower !== null && upper !== null && <line x1={x(lower)} x2={x(upper)} y1="12" y2="12" stroke={color} strokeWidth="4" vectorEffect="non-scaling-stroke" />}
      <line x1={x(point)} x2={x(point)} y1="12" y2="12" stroke={color} strokeWidth="12" strokeLinecap="round" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  plot: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), fontVariantNumeric: 'tabular-nums' }),
  row: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(8ch, 16ch) minmax(120px, 1fr) 32ch',
    gap: theme.spacing(2),
    alignItems: 'center',
    [theme.breakpoints.down('md')]: { gridTemplateColumns: '1fr', gap: 0 },
  }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  // Room for the half of a label that stands out at an end.
  track: css({ display: 'block', lineHeight: 0, [theme.breakpoints.down('md')]: { margin: theme.spacing(0, 4) } }),
  value: css({ textAlign: 'right', [theme.breakpoints.down('md')]: { textAlign: 'left' } }),
  axis: css({ position: 'relative', height: theme.spacing(2.5), [theme.breakpoints.down('md')]: { margin: theme.spacing(0, 4) }, '& > span': { position: 'absolute', transform: 'translateX(-50%)', color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, whiteSpace: 'nowrap' } }),
});
