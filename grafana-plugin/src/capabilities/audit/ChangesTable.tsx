// Before and after of a change, field by field.
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { FieldChange } from './changes.ts';

export function ChangesTable({ changes, label = 'Before and after' }: { changes: readonly FieldChange[]; label?: string }) {
  const styles = useStyles2(getStyles);
  return (
    <table className={styles.changes} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after, changed }) => (
          <tr key={field} className={cx(!changed && styles.same)}>
            <th scope="row">{field || 'value'}</th>
            <td className={cx(changed && styles.removed)}>{before || '–'}</td>
            <td className={cx(changed && styles.added)}>{after || '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  changes: css({
    width: '100%',
    tableLayout: 'fixed',
    borderCollapse: 'collapse',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    'th, td': { padding: theme.spacing(0.75, 1), textAlign: 'left', verticalAlign: 'top', overflowWrap: 'anywhere', borderBottom: `1px solid ${theme.colors.border.weak}` },
    'th:first-child': { width: '24%' },
    th: { fontWeight: theme.typography.fontWeightRegular, color: theme.colors.text.secondary },
  }),
  same: css({ opacity: 0.6 }),
  removed: css({ background: theme.colors.error.transparent }),
  added: css({ background: theme.colors.success.transparent }),
});
