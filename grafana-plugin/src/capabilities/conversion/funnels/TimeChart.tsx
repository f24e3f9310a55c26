// How long conversion takes: the Kaplan-Meier curve over all who entered, and a histogram of those who converted on a
// logarithmic scale.
import { css } from '@emotion/css';
import type { FunnelTime } from '@admin-center/contracts/conversion-funnels';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { Facts } from '../../../platform/Facts.tsx';
import { formatCount } from '../../../platform/format.ts';
import { durationText, percentText } from '../durations.ts';

const WIDTH = 480;
const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 22;

/** @param windowSeconds where the curve ends at the latest */
export function TimeChart({ time, windowSeconds }: { time: FunnelTime; windowSeconds: number }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.parts}>
      <Facts
        label="Time to conversion"
        facts={[
          ['Median of those who converted', durationText(time.p50, 'nobody converted')],
          ['90th percentile of those who converted', durationText(time.p90, 'nobody converted')],
          ['Median over all who entered (Kaplan-Meier)', durationText(time.median, 'undefined: fewer than half converted')],
        ]}
      />
      {time.sampledPersons !== null && <p className={styles.none}>Times are those of {formatCount(time.sampledPersons)} persons, picked by chance from all who entered.</p>}
      <div className={styles.charts}>
        <figure className={styles.figure}>
          <figcaption>Share that has converted after so long (Kaplan-Meier)</figcaption>
          <Curve time={time} windowSeconds={windowSeconds} />
        </figure>
        <figure className={styles.figure}>
          <figcaption>Converters by how long they took</figcaption>
          <Histogram time={time} />
        </figure>
      </div>
    </div>
  );
}

function Curve({ time, windowSeconds }: { time: FunnelTime; windowSeconds: number }) {
  const theme = useTheme2();
  const most = Math.max(...time.curve.map(({ converted }) => converted), 0);
  const top = Math.min(1, Math.max(0.1, Math.ceil(most * 10) / 10));
  const x = (seconds: number): number => LEFT + (Math.min(seconds, windowSeconds) / windowSeconds) * (WIDTH - LEFT - 8);
  const y = (converted: number): number => HEIGHT - BOTTOM - (converted / top) * (HEIGHT - BOTTOM - 8);
  const path = time.curve.reduce((drawn, point) => `${drawn} H${x(point.seconds).toFixed(1)} V${y(point.converted).toFixed(1)}`, `M${x(0)} ${y(0)}`);
  const ticks = { fill: theme.colors.text.secondary, fontSize: 11 };
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`After ${durationText(windowSeconds)} ${percentText(most)} have converted.`} width="100%">
      {[0, top / 2, top].map((share) => (
        <g key={share}>
          <line x1={LEFT} x2={WIDTH - 8} y1={y(share)} y2={y(share)} stroke={theme.colors.border.weak} />
          <text x={LEFT - 6} y={y(share) + 4} textAnchor="end" {...ticks}>
            {percentText(share)}
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((part) => (
        <text key={part} x={x(part * windowSeconds)} y={HEIGHT - 6} textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'} {...ticks}>
          {part === 0 ? '0' : durationText(part * windowSeconds)}
        </text>
      ))}
      {time.median !== null && <line x1={x(time.median)} x2={x(time.median)} y1={y(0)} y2={y(top)} stroke={theme.colors.warning.border} strokeDasharray="4 3" />}
      <path d={`${path} H${x(windowSeconds)}`} fill="none" stroke={theme.colors.primary.main} strokeWidth={2} />
    </svg>
  );
}

function Histogram({ time }: { time: FunnelTime }) {
  const styles = useStyles2(getStyles);
  const most = Math.max(...time.histogram.map(({ users }) => users), 1);
  if (time.histogram.length === 0) {
    return <p className={styles.none}>Nobody has converted yet.</p>;
  }
  return (
    <ol className={styles.bars}>
      {time.histogram.map(({ from, to, users }) => (
        <li key={from} className={styles.bar} aria-label={`${durationText(from)} to ${durationText(to)}: ${formatCount(users)}`} title={`${durationText(from)} to ${durationText(to)}: ${formatCount(users)}`}>
          <span className={styles.range}>from {from === 0 ? '0' : durationText(from)}</span>
          <span className={styles.fill} style={{ width: `${(users / most) * 100}%` }} />
          <span className={styles.count}>{formatCount(users)}</span>
        </li>
      ))}
    </ol>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  parts: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }),
  charts: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(360px, 100%), 1fr))', gap: theme.spacing(3) }),
  figure: css({ margin: 0, figcaption: { marginBottom: theme.spacing(1), fontWeight: theme.typography.fontWeightMedium } }),
  none: css({ color: theme.colors.text.secondary }),
  bars: css({ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', gap: 3 }),
  bar: css({ display: 'grid', gridTemplateColumns: '90px 1fr 48px', alignItems: 'center', gap: theme.spacing(1), fontSize: theme.typography.bodySmall.fontSize }),
  range: css({ color: theme.colors.text.secondary, textAlign: 'right' }),
  fill: css({ height: 14, minWidth: 1, background: theme.colors.primary.main, borderRadius: theme.shape.radius.default }),
  count: css({ textAlign: 'right' }),
});
