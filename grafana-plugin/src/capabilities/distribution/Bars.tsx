// A breakdown as bars: a click filters the page, and where the reader may, another lists the users.
import { css } from '@emotion/css';
import type { Breakdown } from '@admin-center/contracts/distribution';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, Stack, Text, useStyles2 } from '@grafana/ui';
import { csvName, toCsv } from '../../platform/csv.ts';
import { download } from '../../platform/download.ts';
import { formatCount, formatValue } from '../../platform/format.ts';
import { Empty } from '../../platform/states.tsx';

interface Props {
  readonly title: string;
  readonly breakdown: Breakdown;
  readonly total: number;
  readonly nameOf?: (value: string) => string;
  readonly selected?: string | null;
  /** Filters the page by a value; null takes the filter back. */
  readonly onSelect?: (value: string | null) => void;
  readonly onUsers?: (value: string) => void;
  /** So many at most; the file has all. */
  readonly most?: number;
  readonly note?: string;
}

export function Bars({ title, breakdown: { rows, other }, total, nameOf = (value) => value, selected = null, onSelect, onUsers, most = 12, note }: Props) {
  const styles = useStyles2(getStyles);
  const largest = Math.max(1, ...rows.map(({ users }) => users));
  const share = (users: number): string => (total > 0 ? formatValue(users / total, 'percentunit', 1) : '');
  const file = () => download(csvName(title), toCsv(['value', 'users', 'share'], [...rows.map(({ value, users }) => [value, users, total > 0 ? users / total : null]), ['other', other.users, null]]), 'text/csv');
  return (
    <section className={styles.card} aria-label={title}>
      <Stack justifyContent="space-between" alignItems="center">
        <Text element="h3" variant="h5">
          {title}
        </Text>
        <IconButton name="download-alt" tooltip={`Export ${title.toLowerCase()} as CSV`} onClick={file} disabled={rows.length === 0} />
      </Stack>
      {rows.length === 0 ? (
        <Empty title="Nobody to show" compact>
          {other.values > 0 ? 'Every value has fewer than 5 users.' : 'No active users in this window.'}
        </Empty>
      ) : (
        <ul className={styles.list}>
          {rows.slice(0, most).map(({ value, users }) => (
            <li key={value} className={styles.row}>
              <button type="button" className={styles.name} aria-pressed={selected === value} disabled={!onSelect} onClick={() => onSelect?.(selected === value ? null : value)} title={nameOf(value)}>
                <span className={styles.bar} style={{ width: `${(100 * users) / largest}%` }} />
                <span className={styles.text}>{nameOf(value)}</span>
              </button>
              <span className={styles.number}>{formatCount(users)}</span>
              <span className={styles.share}>{share(users)}</span>
              {onUsers && <Button size="sm" variant="secondary" fill="text" icon="users-alt" aria-label={`Users of ${nameOf(value)}`} tooltip="Users behind it" onClick={() => onUsers(value)} />}
            </li>
          ))}
        </ul>
      )}
      <Text color="secondary" variant="bodySmall">
        {[
          rows.length > most ? `${rows.length - most} more in the CSV file.` : '',
          other.values > 0 ? `${other.values} values with few users: ${other.users === null ? 'fewer than 5 in all' : formatCount(other.users)}.` : '',
          note ?? '',
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({ padding: theme.spacing(1.5), background: theme.colors.background.primary, border: `1px solid ${theme.colors.border.weak}`, borderRadius: theme.shape.radius.default, minWidth: 0 }),
  list: css({ listStyle: 'none', margin: theme.spacing(1, 0), padding: 0 }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), fontVariantNumeric: 'tabular-nums', minHeight: 28 }),
  name: css({
    position: 'relative', flex: '1 1 auto', minWidth: 0, textAlign: 'left', background: 'none', border: '1px solid transparent', padding: theme.spacing(0.25, 0.75), borderRadius: theme.shape.radius.default,
    '&:not(:disabled):hover': { borderColor: theme.colors.border.strong }, '&[aria-pressed="true"]': { borderColor: theme.colors.primary.border },
  }),
  bar: css({ position: 'absolute', inset: 0, right: 'auto', background: theme.colors.primary.transparent, borderRadius: theme.shape.radius.default }),
  text: css({ position: 'relative', display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  number: css({ minWidth: 56, textAlign: 'right' }),
  share: css({ minWidth: 56, textAlign: 'right', color: theme.colors.text.secondary }),
});
