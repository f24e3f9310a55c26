// Lines over days. A column for each day tells all its values and opens the users behind it.
import { useTheme2 } from '@grafana/ui';
import { formatValue } from '../../platform/format.ts';
import { Chart, CHART, columnWidth } from './Chart.tsx';
import { pressed } from './roving.ts';
import { axisOf } from './scale.ts';

export interface Line {
  readonly name: string;
  readonly color: string;
  /** One a day; null where there is none. */
  readonly values: ReadonlyArray<number | null>;
}

interface Props {
  readonly label: string;
  readonly days: readonly string[];
  /** As the days are written under the chart. */
  readonly columns: readonly string[];
  readonly lines: readonly Line[];
  readonly unit?: string;
  readonly marks?: ReadonlyArray<{ readonly column: number; readonly text: string }>;
  readonly onOpen?: (day: string) => void;
}

export function LineChart({ label, days, columns, lines, unit = 'short', marks, onOpen }: Props) {
  const theme = useTheme2();
  const axis = axisOf(0, Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const width = columnWidth(days.length);
  return (
    <Chart label={label} axis={axis} unit={unit} columns={columns} legend={lines} marks={marks}>
      {(roving, x, y) => (
        <>
          {lines.map(({ name, color, values }) => (
            <path key={name} d={pathOf(values, (column) => x(column) + width / 2, y)} fill="none" stroke={theme.visualization.getColorByName(color)} strokeWidth={2} aria-hidden="true" />
          ))}
          {days.map((day, column) => {
            const title = `${columns[column]}: ${lines.map(({ name, values }) => `${name} ${typeof values[column] === 'number' ? formatValue(values[column], unit) : 'none'}`).join(', ')}`;
            const open = onOpen && (() => onOpen(day));
            return (
              <rect
                key={day}
                x={x(column)}
                width={width}
                y={CHART.top}
                height={CHART.height - CHART.top - CHART.bottom}
                fill="transparent"
                {...(open ? { role: 'button', 'aria-label': title, 'data-cell': `${column},0`, tabIndex: roving.tabIndex(column), onFocus: () => roving.onFocus(column), onClick: open, onKeyDown: pressed(open) } : { role: 'img', 'aria-label': title })}
              >
                <title>{title}</title>
              </rect>
            );
          })}
        </>
      )}
    </Chart>
  );
}

/** A gap where there is no value. */
function pathOf(values: ReadonlyArray<number | null>, x: (column: number) => number, y: (value: number) => number): string {
  return values.map((value, column) => (value === null ? '' : `${typeof values[column - 1] === 'number' ? 'L' : 'M'}${x(column).toFixed(1)} ${y(value).toFixed(1)}`)).join('');
}
