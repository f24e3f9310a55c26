// Bars that may be stacked, upwards and downwards; each part opens what is behind it.
import { useTheme2 } from '@grafana/ui';
import { formatValue } from '../../platform/format.ts';
import { Chart, columnWidth } from './Chart.tsx';
import { pressed } from './roving.ts';
import { axisOf } from './scale.ts';

export interface Part {
  readonly name: string;
  /** Below zero it hangs down. */
  readonly value: number;
  readonly color: string;
}
export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly parts: readonly Part[];
  /** Its interval is not over. */
  readonly open?: boolean;
}

interface Props {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly unit?: string;
  readonly onOpen?: (bar: Bar, part: Part) => void;
}

const sum = (parts: readonly Part[], sign: 1 | -1): number => parts.reduce((total, { value }) => (Math.sign(value) === sign ? total + value : total), 0);

export function BarChart({ label, bars, unit = 'short', onOpen }: Props) {
  const theme = useTheme2();
  const axis = axisOf(Math.min(0, ...bars.map(({ parts }) => sum(parts, -1))), Math.max(0, ...bars.map(({ parts }) => sum(parts, 1))));
  const width = columnWidth(bars.length);
  const gap = Math.min(8, width * 0.2);
  return (
    <Chart label={label} axis={axis} unit={unit} columns={bars.map((bar) => bar.label)} legend={bars[0]?.parts ?? []}>
      {(roving, x, y) =>
        bars.map((bar, column) =>
          stacked(bar.parts).map(({ part, from, to }, row) => {
            const title = `${bar.label}: ${part.name} ${formatValue(Math.abs(part.value), unit)}${bar.open ? ', not over yet' : ''}`;
            const open = onOpen && (() => onOpen(bar, part));
            return (
              <rect
                key={`${bar.key} ${part.name}`}
                x={x(column) + gap / 2}
                width={Math.max(1, width - gap)}
                y={y(Math.max(from, to))}
                height={Math.max(part.value === 0 ? 0 : 1, Math.abs(y(from) - y(to)))}
                fill={theme.visualization.getColorByName(part.color)}
                opacity={bar.open ? 0.45 : 1}
                {...(open ? { role: 'button', 'aria-label': title, 'data-cell': `${column},${row}`, tabIndex: roving.tabIndex(column, row), onFocus: () => roving.onFocus(column, row), onClick: open, onKeyDown: pressed(open) } : { role: 'img', 'aria-label': title })}
              >
                <title>{title}</title>
              </rect>
            );
          })
        )
      }
    </Chart>
  );
}

/** Each part on top of those before it, or below them. */
function stacked(parts: readonly Part[]): ReadonlyArray<{ part: Part; from: number; to: number }> {
  let up = 0;
  let down = 0;
  return parts.map((part) => {
    const from = part.value < 0 ? down : up;
    const to = from + part.value;
    if (part.value < 0) {
      down = to;
    } else {
      up = to;
    }
    return { part, from, to };
  });
}
