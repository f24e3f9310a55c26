// The choropleth: countries in shades of one colour. One stop of the tab key; the arrow keys walk the countries from the one
// with the most users on, Enter chooses. What it shows stands as a table beside it, for those who do not see it.
import { css } from '@emotion/css';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { formatCount, formatValue } from '../../../platform/format.ts';
import { countryName, drawWorld, MAP } from './geography.ts';
import { logScale, opacityOf, perMillion, type CountryValue } from './scale.ts';

interface Props {
  readonly values: readonly CountryValue[];
  readonly total: number;
  readonly perCapita: boolean;
  readonly selected: string | null;
  /** Null takes the choice back. */
  readonly onSelect?: (code: string | null) => void;
}

const DOT_RADIUS = 3.5;

export function WorldMap({ values, total, perCapita, selected, onSelect }: Props) {
  const styles = useStyles2(getStyles);
  const [pointed, setPointed] = useState<string | null>(null);
  const [current, setCurrent] = useState(0);
  const svg = useRef<SVGSVGElement>(null);
  const { shapes, graticule } = drawWorld();
  const measure = (value: CountryValue): number => (perCapita ? (perMillion(value) ?? 0) : value.users);
  const inOrder = values.filter((value) => measure(value) > 0 && shapes.some(({ code }) => code === value.code)).sort((a, b) => measure(b) - measure(a));
  const byCode = new Map(inOrder.map((value) => [value.code, value]));
  const scale = logScale(inOrder.map(measure));
  const stop = Math.min(current, Math.max(0, inOrder.length - 1));

  const walk = (event: KeyboardEvent) => {
    const to = { ArrowRight: stop + 1, ArrowDown: stop + 1, ArrowLeft: stop - 1, ArrowUp: stop - 1, Home: 0, End: inOrder.length - 1 }[event.key];
    const next = to === undefined ? undefined : inOrder[to];
    if (to !== undefined) {
      event.preventDefault();
    }
    if (to !== undefined && next) {
      setCurrent(to);
      svg.current?.querySelector<SVGElement>(`[data-country="${next.code}"]`)?.focus();
    }
  };
  const choose = (code: string) => onSelect?.(code === selected ? null : code);
  const shown = pointed === null ? undefined : byCode.get(pointed);

  return (
    <div className={styles.frame}>
      <svg ref={svg} viewBox={`0 0 ${MAP.width} ${MAP.height}`} className={styles.map} role="group" aria-label={`Map of active users by country. Arrow keys walk ${inOrder.length} countries by number.`} onKeyDown={walk} onMouseLeave={() => setPointed(null)}>
        <path d={graticule} className={styles.graticule} />
        {shapes.map(({ code, path, dot }, index) => {
          const value = byCode.get(code);
          if (!value) {
            return path ? <path key={index} d={path} className={styles.land} onMouseEnter={() => setPointed(code)} /> : null;
          }
          const common = {
            'data-country': code,
            className: styles.country,
            fillOpacity: opacityOf(scale.shadeOf(measure(value))),
            role: 'button',
            tabIndex: inOrder[stop]?.code === code ? 0 : -1,
            'aria-pressed': code === selected,
            'aria-label': wordsOf(value, total),
            onMouseEnter: () => setPointed(code),
            onFocus: () => {
              setPointed(code);
              setCurrent(inOrder.findIndex((entry) => entry.code === code));
            },
            onBlur: () => setPointed(null),
            onClick: () => choose(code),
            onKeyDown: (event: KeyboardEvent) => {
              if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                choose(code);
              }
            },
          };
          return path ? <path key={index} d={path} {...common} /> : dot ? <circle key={index} cx={dot[0]} cy={dot[1]} r={DOT_RADIUS} {...common} /> : null;
        })}
      </svg>
      <table className={styles.spoken}>
        <caption>Active users by country</caption>
        <thead>
          <tr>
            <th scope="col">Country</th>
            <th scope="col">Users</th>
            <th scope="col">Per million inhabitants</th>
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <tr key={value.code}>
              <th scope="row">{countryName(value.code)}</th>
              <td>{formatCount(value.users)}</td>
              <td>{perMillion(value)?.toFixed(2) ?? 'not known'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={styles.below}>
        <Legend bounds={scale.bounds} unit={perCapita ? 'users per million inhabitants' : 'users'} />
        <div className={styles.tooltip} role="status" aria-live="polite">
          {shown ? wordsOf(shown, total) : pointed ? `${countryName(pointed)}: nobody, or fewer than 5` : ''}
        </div>
      </div>
    </div>
  );
}

function wordsOf(value: CountryValue, total: number): string {
  const rate = perMillion(value);
  const share = total > 0 ? `, ${formatValue(value.users / total, 'percentunit', 1)}` : '';
  return `${countryName(value.code)}: ${formatCount(value.users)} users${share}${rate === undefined ? '' : `, ${rate < 10 ? rate.toFixed(2) : formatCount(Math.round(rate))} per million inhabitants`}`;
}

function Legend({ bounds, unit }: { bounds: readonly number[]; unit: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.legend} aria-hidden>
      {bounds.map((bound, index) => (
        <span key={index} className={styles.key}>
          <svg width="14" height="14">
            <rect width="14" height="14" className={styles.swatch} fillOpacity={opacityOf(index + 1)} />
          </svg>
          {bound < 10 ? Number(bound.toFixed(bound < 1 ? 2 : 1)) : formatCount(Math.round(bound))}
          {index === bounds.length - 1 ? '+' : ''}
        </span>
      ))}
      {bounds.length > 0 && <span>{unit}, logarithmic</span>}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ position: 'relative', display: 'flex', flexDirection: 'column', minHeight: 0, height: '100%', gap: theme.spacing(0.5) }),
  map: css({ width: '100%', flex: '1 1 auto', minHeight: 0 }),
  graticule: css({ fill: 'none', stroke: theme.colors.border.weak, strokeWidth: 0.3 }),
  land: css({ fill: theme.colors.background.secondary, stroke: theme.colors.border.medium, strokeWidth: 0.4 }),
  country: css({
    fill: theme.colors.primary.main,
    stroke: theme.colors.border.strong,
    strokeWidth: 0.4,
    cursor: 'pointer',
    '&:hover, &:focus-visible, &[aria-pressed="true"]': { stroke: theme.colors.text.maxContrast, strokeWidth: 1.5, outline: 'none' },
  }),
  spoken: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' }),
  below: css({ display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', gap: theme.spacing(1), flex: '0 0 auto' }),
  legend: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1), ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  key: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5) }),
  swatch: css({ fill: theme.colors.primary.main, stroke: theme.colors.border.medium }),
  tooltip: css({ minHeight: '1.5em', ...theme.typography.bodySmall, color: theme.colors.text.primary }),
});
