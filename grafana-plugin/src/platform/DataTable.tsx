// The one table of the product: a plain HTML table in Grafana's looks, sorted by the server, walked with the arrow keys.
import { css, cx } from '@emotion/css';
import type { KeyboardEvent, ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'right';
  /** Sentences and addresses, which may take several lines. */
  readonly wrap?: boolean;
  /** Takes the width that the others leave; what is longer is cut. For a text that is whole elsewhere. */
  readonly fills?: boolean;
  /** Set where the server can sort by this column. */
  readonly sortKey?: string;
  /** Not shown on narrow screens, where the page of the row tells the same. */
  readonly wideOnly?: boolean;
}

export interface Sort {
  readonly key: string;
  readonly order: 'asc' | 'desc';
}

interface Props<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly columns: ReadonlyArray<Column<Row>>;
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  /** Older rows stay, dimmed, while newer ones load. */
  readonly busy?: boolean;
}

/** Up and down move between the same control of neighbouring rows. */
function moveFocus(event: KeyboardEvent<HTMLTableSectionElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') {
    return;
  }
  const row = document.activeElement?.closest('tr');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  if (!row || !next) {
    return;
  }
  const controls = (element: Element) => Array.from(element.querySelectorAll<HTMLElement>('a[href], button'));
  const position = controls(row).findIndex((control) => control === document.activeElement);
  const target = controls(next)[position] ?? controls(next)[0];
  if (target) {
    event.preventDefault();
    target.focus();
  }
}

const nextSort = (key: string, current: Sort | undefined): Sort => ({ key, order: current?.key === key && current.order === 'desc' ? 'asc' : 'desc' });
const ariaSort = (order: Sort['order']) => (order === 'asc' ? 'ascending' : 'descending');

export function DataTable<Row>({ label, columns, rows, rowKey, sort, onSort, busy = false }: Props<Row>) {
  const styles = useStyles2(getStyles);
  return (
    // Focusable, so that a table wider than the screen can be scrolled with the arrow keys.
    <div className={styles.scroll} role="region" aria-label={label} tabIndex={0}>
      <table className={cx(styles.table, busy && styles.busy)} aria-label={label} aria-busy={busy}>
        <thead>
          <tr>
            {columns.map(({ id, header, align, sortKey, wideOnly }) => {
              const sorted = sortKey !== undefined && sort?.key === sortKey ? sort : undefined;
              return (
                <th key={id} scope="col" className={cx(align === 'right' && styles.right, wideOnly && styles.wideOnly)} aria-sort={sorted && ariaSort(sorted.order)}>
                  {sortKey && onSort ? (
                    <button type="button" className={styles.sortButton} onClick={() => onSort(nextSort(sortKey, sort))}>
                      {header}
                      {sorted && <Icon name={sorted.order === 'asc' ? 'arrow-up' : 'arrow-down'} />}
                    </button>
                  ) : (
                    header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody onKeyDown={moveFocus}>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ id, cell, align, wrap, fills, wideOnly }) => (
                <td key={id} className={cx(align === 'right' && styles.right, wrap && styles.wrap, fills && styles.fills, wideOnly && styles.wideOnly)}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ overflowX: 'auto', width: '100%' }),
  table: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontSize: theme.typography.body.fontSize,
    fontVariantNumeric: 'tabular-nums',
    'th, td': { padding: theme.spacing(1, 1.5), textAlign: 'left', whiteSpace: 'nowrap', borderBottom: `1px solid ${theme.colors.border.weak}`, [theme.breakpoints.down('lg')]: { padding: theme.spacing(1, 0.75) } },
    // What would not fit side by side breaks between words there.
    td: { [theme.breakpoints.down('lg')]: { whiteSpace: 'normal' } },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
    'tbody tr:hover, tbody tr:focus-within': { background: theme.colors.action.hover },
    'tbody tr:last-child td': { borderBottom: 'none' },
  }),
  busy: css({ opacity: 0.6 }),
  right: css({ '&&': { textAlign: 'right' } }),
  // Also within a word: addresses have no blanks.
  wrap: css({ '&&': { whiteSpace: 'normal', overflowWrap: 'anywhere', minWidth: '24ch', [theme.breakpoints.down('lg')]: { minWidth: '14ch' } } }),
  // A cell of no width of its own, in a table that is as wide as the page.
  fills: css({ '&&': { width: '100%', maxWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' } }),
  wideOnly: css({ [theme.breakpoints.down('lg')]: { display: 'none' } }),
  sortButton: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: 0,
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    cursor: 'pointer',
    '&:hover': { color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 2, borderRadius: theme.shape.radius.default },
  }),
});
