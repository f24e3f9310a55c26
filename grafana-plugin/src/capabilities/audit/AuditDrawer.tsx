// One audit entry in full: who, what, why, what changed, and its place in the chain.
import { css, cx } from '@emotion/css';
import type { ReactNode } from 'react';
import type { AuditEntry } from '@admin-center/contracts/audit';
import type { GrafanaTheme2 } from '@grafana/data';
import { Drawer, Stack, Text, useStyles2 } from '@grafana/ui';
import { words } from '../../platform/format.ts';
import { StatusBadge } from '../../platform/StatusBadge.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { actorName, Target } from './audit-columns.tsx';
import { EraseButton } from './EraseButton.tsx';
import { fieldChanges, type FieldChange } from './changes.ts';

interface Props {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
  readonly onErased: (entry: AuditEntry) => void;
}

export function AuditDrawer({ entry, onClose, onErased }: Props) {
  const styles = useStyles2(getStyles);
  const changes = fieldChanges(entry.before, entry.after);
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    ['When', formatInstant(entry.at)],
    ['By', `${actorName(entry)} (${words(entry.actor.role)})`],
    ['On', <Target key="target" entry={entry} />],
    ['Outcome', <StatusBadge key="outcome" status={entry.outcome} />],
    ['Reason', entry.reason ?? 'none given'],
    ['Request', entry.requestId ?? '–'],
    ['Hash', <code key="hash">{entry.hash}</code>],
    ...(entry.erasedAt ? [['Details', `erased on ${formatInstant(entry.erasedAt)}`] as const] : []),
  ];
  return (
    <Drawer title={`Entry ${entry.sequence}: ${entry.action}`} onClose={onClose} size="md">
      <Stack direction="column" gap={3}>
        <dl className={styles.facts}>
          {facts.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <Text element="h3" variant="h5">
          What changed
        </Text>
        {changes.length === 0 ? <Text color="secondary">The action changed no fields.</Text> : <Changes changes={changes} />}
        <EraseButton entry={entry} onErased={onErased} />
      </Stack>
    </Drawer>
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }) {
  const styles = useStyles2(getStyles);
  return (
    <table className={styles.changes} aria-label="Before and after">
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
  facts: css({
    display: 'grid',
    gap: theme.spacing(1),
    margin: 0,
    '& > div': { display: 'grid', gridTemplateColumns: '8ch 1fr', gap: theme.spacing(1) },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
  changes: css({
    width: '100%',
    borderCollapse: 'collapse',
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    'th, td': { padding: theme.spacing(0.75, 1), textAlign: 'left', verticalAlign: 'top', overflowWrap: 'anywhere', borderBottom: `1px solid ${theme.colors.border.weak}` },
    th: { fontWeight: theme.typography.fontWeightRegular, color: theme.colors.text.secondary },
  }),
  same: css({ opacity: 0.6 }),
  removed: css({ background: theme.colors.error.transparent }),
  added: css({ background: theme.colors.success.transparent }),
});
