// The frame of a hand-drawn chart: axes, a legend, and the way the keyboard goes through it. What is drawn comes from
// outside. Wider than the screen it scrolls.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { formatValue } from '../../platform/format.ts';
import { useRoving, type Roving } from './roving.ts';
import { labelEvery, type Axis } from './scale.ts';

export const CHART = { width: 960, height: 260, left: 56, right: 12, top: 12, bottom: 28 } as const;
const MOST_LABELS = 12;

interface Props {
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly axis: Axis;
  readonly unit: string;
  /** Under the columns, left to right. */
  readonly columns: readonly string[];
  readonly legend: ReadonlyArray<{ readonly name: string; readonly color: string }>;
  /** Where the numbers change their meaning: a dashed line before the column. */
  readonly marks?: ReadonlyArray<{ readonly column: number; readonly text: string }>;
  readonly children: (roving: Roving, x: (column: number) => number, y: (value: number) => number) => ReactNode;
}

export const columnWidth = (columns: number): number => (CHART.width - CHART.left - CHART.right) / Math.max(1, columns);

export function Chart({ label, axis, unit, columns, legend, marks = [], children }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const roving = useRoving();
  const width = columnWidth(columns.length);
  const x = (column: number) => CHART.left + column * width;
  const y = (value: number) => CHART.top + (1 - axis.place(value)) * (CHART.height - CHART.top - CHART.bottom);
  const every = labelEvery(columns.length, MOST_LABELS);
  return (
    <div>
      <div className={styles.scroll}>
        <svg className={styles.chart} viewBox={`0 0 ${CHART.width} ${CHART.height}`} role="group" aria-label={label} onKeyDown={roving.onKeyDown}>
          {axis.ticks.map((tick) => (
            <g key={tick} aria-hidden="true">
              <line x1={CHART.left} x2={CHART.width - CHART.right} y1={y(tick)} y2={y(tick)} stroke={tick === 0 ? theme.colors.border.strong : theme.colors.border.weak} />
              <text x={CHART.left - 8} y={y(tick) + 4} textAnchor="end" className={styles.text}>
                {formatValue(Math.abs(tick), unit)}
              </text>
            </g>
          ))}
          {columns.map((column, index) =>
            index % every === 0 ? (
              <text key={column} x={x(index) + width / 2} y={CHART.height - 8} textAnchor="middle" className={styles.text} aria-hidden="true">
                {column}
              </text>
            ) : null
          )}
          {marks.map(({ column, text }) => (
            <g key={text} role="img" aria-label={text}>
              <line x1={x(column)} x2={x(column)} y1={CHART.top} y2={CHART.height - CHART.bottom} stroke={theme.colors.warning.main} strokeDasharray="4 4" />
              <text x={x(column) + 4} y={CHART.top + 10} className={styles.text}>
                {text}
              </text>
            </g>
          ))}
          {children(roving, x, y)}
        </svg>
      </div>
      <ul className={styles.legend}>
        {legend.map(({ name, color }) => (
          <li key={name}>
            <span className={styles.swatch} style={{ background: theme.visualization.getColorByName(color) }} aria-hidden="true" />
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto' }),
  chart: css({
    display: 'block',
    width: '100%',
    minWidth: 560,
    '[data-cell]': { cursor: 'pointer' },
    '[data-cell]:focus-visible': { outline: 'none', stroke: theme.colors.primary.main, strokeWidth: 2 },
  }),
  text: css({ fontSize: 11, fill: theme.colors.text.secondary }),
  legend: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2), margin: 0, padding: 0, listStyle: 'none', fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }),
  swatch: css({ display: 'inline-block', width: 12, height: 12, marginRight: theme.spacing(0.75), borderRadius: 2, verticalAlign: '-1px' }),
});
