// How the interval of one variant narrowed day by day. Left and right walk through the days, which are read out.
import { css } from '@emotion/css';
import { useState, type KeyboardEvent } from 'react';
import type { ExperimentResult } from '@admin-center/contracts/conversion-experiments';
import type { GrafanaTheme2 } from '@grafana/data';
import { Text, useStyles2, useTheme2 } from '@grafana/ui';
import { formatCount } from '../../../platform/format.ts';
import { Empty } from '../../../platform/states.tsx';
import { scaleOf } from './scale.ts';
import { formatDifference, formatInterval } from './words.ts';

type Metric = ExperimentResult['metric'];
interface Point {
  readonly day: string;
  readonly users: number;
  readonly lower: number | null;
  readonly point: number;
  readonly upper: number | null;
}

const HEIGHT = 160;
const WIDTH = 1000;

export function IntervalChart({ days, variant, metric }: { days: ExperimentResult['days']; variant: string; metric: Metric }) {
  const points = days.flatMap(({ day, variants }): Point[] => {
    const of = variants.find((each) => each.variant === variant);
    return of?.difference ? [{ day, users: variants.reduce((sum, { users }) => sum + users, 0), ...of.difference }] : [];
  });
  if (points.length < 2) {
    return (
      <Empty title="Not enough days yet" compact>
        The chart begins on the second day with users in both variants.
      </Empty>
    );
  }
  return <Chart key={variant} points={points} variant={variant} metric={metric} />;
}

function Chart({ points, variant, metric }: { points: readonly Point[]; variant: string; metric: Metric }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [chosen, setChosen] = useState<number | null>(null);
  const scale = scaleOf(boundsOf(points));
  const x = (index: number) => (index / (points.length - 1)) * WIDTH;
  const y = (value: number) => (1 - scale.at(value)) * HEIGHT;
  const line = (of: (point: Point) => number) => points.map((point, index) => `${x(index)},${y(of(point))}`);
  const banded = points.flatMap((point, index) => (point.lower === null || point.upper === null ? [] : [{ index, lower: point.lower, upper: point.upper }]));
  const band = [...banded.map(({ index, upper }) => `${x(index)},${y(upper)}`), ...[...banded].reverse().map(({ index, lower }) => `${x(index)},${y(lower)}`)].join(' ');
  const shown = points[chosen ?? points.length - 1] ?? points[0];

  const walk = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen(Math.min(points.length - 1, Math.max(0, (chosen ?? points.length - 1) + step)));
    }
  };
  const follow = (clientX: number, box: DOMRect) => setChosen(Math.min(points.length - 1, Math.max(0, Math.round(((clientX - box.left) / box.width) * (points.length - 1)))));

  return (
    <figure className={styles.figure}>
      <div className={styles.frame}>
        <div className={styles.axis} aria-hidden>
          {scale.ticks.map((tick) => (
            <span key={tick} style={{ top: `${(1 - scale.at(tick)) * 100}%` }}>
              {tick === 0 ? '0' : formatDifference(tick, metric)}
            </span>
          ))}
        </div>
        <div
          className={styles.chart}
          role="slider"
          tabIndex={0}
          aria-label={`Difference of ${variant} to the control, day by day`}
          aria-valuemin={0}
          aria-valuemax={points.length - 1}
          aria-valuenow={chosen ?? points.length - 1}
          aria-valuetext={shown && sentence(shown, metric)}
          onKeyDown={walk}
          onMouseMove={({ clientX, currentTarget }) => follow(clientX, currentTarget.getBoundingClientRect())}
          onMouseLeave={() => setChosen(null)}
        >
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" width="100%" height={HEIGHT} aria-hidden>
            {scale.ticks.map((tick) => (
              <line key={tick} x1="0" x2={WIDTH} y1={y(tick)} y2={y(tick)} stroke={tick === 0 ? theme.colors.text.primary : theme.colors.border.weak} strokeWidth="1" vectorEffect="non-scaling-stroke" />
            ))}
            {banded.length > 1 && <polygon points={band} fill={theme.colors.primary.main} fillOpacity="0.25" />}
            <polyline points={line(({ point }) => point).join(' ')} fill="none" stroke={theme.colors.primary.text} strokeWidth="2" vectorEffect="non-scaling-stroke" />
            {chosen !== null && <line x1={x(chosen)} x2={x(chosen)} y1="0" y2={HEIGHT} stroke={theme.colors.text.secondary} strokeWidth="1" strokeDasharray="4 3" vectorEffect="non-scaling-stroke" />}
          </svg>
        </div>
      </div>
      <figcaption className={styles.caption}>
        <span aria-hidden>{points[0]?.day}</span>
        {shown && <Text variant="bodySmall">{sentence(shown, metric)}</Text>}
        <span aria-hidden>{points[points.length - 1]?.day}</span>
      </figcaption>
    </figure>
  );
}

const sentence = ({ day, users, ...interval }: Point, metric: Metric): string => `${day}: ${formatInterval(interval, (value) => formatDifference(value, metric))}, ${formatCount(users)} users`;

/** The first days say next to nothing; they may leave the frame, so that the later ones can be told apart. */
function boundsOf(points: readonly Point[]): number[] {
  const settled = points.slice(Math.floor(points.length / 5));
  return settled.flatMap(({ lower, point, upper }) => [lower ?? point, point, upper ?? point]);
}

const getStyles = (theme: GrafanaTheme2) => ({
  figure: css({ margin: 0 }),
  frame: css({ display: 'grid', gridTemplateColumns: '10ch 1fr', gap: theme.spacing(1) }),
  axis: css({ position: 'relative', height: HEIGHT, color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, '& > span': { position: 'absolute', right: 0, transform: 'translateY(-50%)', whiteSpace: 'nowrap' } }),
  chart: css({ lineHeight: 0, overflow: 'hidden', cursor: 'crosshair', '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2 } }),
  caption: css({
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    marginTop: theme.spacing(0.5),
    paddingLeft: `calc(10ch + ${theme.spacing(1)})`,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
});
