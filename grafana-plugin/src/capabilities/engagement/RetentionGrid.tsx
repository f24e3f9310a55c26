// The retention grid: a row for each cohort, the weighted line above them. The arrow keys go through it, Enter opens the
// users behind a cell. What has not ended is blank.
import { css, cx } from '@emotion/css';
import type { Retention } from '@admin-center/contracts/engagement-answers';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import { formatCount, formatValue } from '../../platform/format.ts';
import { useRoving } from './roving.ts';
import { intervalName } from './scale.ts';

interface Props {
  readonly label: string;
  readonly retention: Retention;
  readonly onOpen: (cohort: string, n: number) => void;
  readonly busy?: boolean;
}

/** The strongest shade still lets text stand out from it in both themes. */
const STRONGEST_PERCENT = 38;
const percent = (ratio: number): string => formatValue(ratio, 'percentunit', ratio > 0 && ratio < 0.1 ? 1 : 0);

export function RetentionGrid({ label, retention, onOpen, busy }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const roving = useRoving();
  const { cohorts, overall, interval } = retention;
  const columns = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
  const shade = (ratio: number | null) => (ratio === null ? undefined : { background: `color-mix(in srgb, ${theme.visualization.getColorByName('green')} ${Math.round(ratio * STRONGEST_PERCENT)}%, transparent)` });
  return (
    <div className={styles.scroll} role="region" aria-label={label} tabIndex={0}>
      <table className={cx(styles.grid, busy && styles.busy)} aria-label={label} aria-busy={busy}>
        <thead>
          <tr>
            <th scope="col">Cohort</th>
            <th scope="col" className={styles.number}>
              Users
            </th>
            {Array.from({ length: columns }, (_, n) => (
              <th key={n} scope="col" className={styles.number}>
                {`${interval} ${n}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={roving.onKeyDown}>
          <tr className={styles.overall}>
            <th scope="row">All, weighted</th>
            <td className={styles.number}>{formatCount(overall[0]?.of ?? 0)}</td>
            {Array.from({ length: columns }, (_, n) => {
              const cell = overall[n];
              return (
                <td key={n} className={styles.number} style={shade(cell?.ratio ?? null)} title={cell && cell.ratio !== null ? `${formatCount(cell.users)} of ${formatCount(cell.of)}` : 'No whole cell yet'}>
                  {cell && cell.ratio !== null ? percent(cell.ratio) : ''}
                </td>
              );
            })}
          </tr>
          {cohorts.map(({ cohort, users, cells }, row) => (
            <tr key={cohort}>
              <th scope="row">{intervalName(interval, cohort)}</th>
              <td className={styles.number}>{formatCount(users)}</td>
              {Array.from({ length: columns }, (_, n) => {
                const cell = cells[n];
                if (!cell || cell.users === null) {
                  return <td key={n} aria-label={cell ? 'not over yet' : 'not begun'} className={cell && styles.open} />;
                }
                const words = `${intervalName(interval, cohort)}, ${interval} ${n}: ${formatCount(cell.users)} of ${formatCount(users)}`;
                return (
                  <td key={n} className={styles.number} style={shade(cell.ratio)}>
                    <button type="button" className={styles.cell} aria-label={words} title={words} data-cell={`${n},${row}`} tabIndex={roving.tabIndex(n, row)} onFocus={() => roving.onFocus(n, row)} onClick={() => onOpen(cohort, n)}>
                      {cell.ratio === null ? '–' : percent(cell.ratio)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto', width: '100%' }),
  grid: css({
    borderCollapse: 'separate',
    borderSpacing: 2,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(0.5, 1), whiteSpace: 'nowrap', textAlign: 'left' },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    'tbody th': { position: 'sticky', left: 0, background: theme.colors.background.primary },
  }),
  busy: css({ opacity: 0.6 }),
  overall: css({ '& > *': { fontWeight: theme.typography.fontWeightMedium } }),
  number: css({ '&&': { textAlign: 'right' } }),
  open: css({ background: `repeating-linear-gradient(135deg, ${theme.colors.border.weak} 0 2px, transparent 2px 6px)` }),
  cell: css({
    width: '100%',
    minWidth: theme.spacing(5),
    padding: 0,
    border: 'none',
    background: 'none',
    color: theme.colors.text.primary,
    font: 'inherit',
    textAlign: 'right',
    cursor: 'pointer',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2, borderRadius: theme.shape.radius.default },
  }),
});
