// Who a user is, at a glance: name, badges, the action, and the facts support asks for first.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { UserDetail } from '@admin-center/contracts/users';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Badge, ClipboardButton, PanelChrome, Stack, Text, useStyles2 } from '@grafana/ui';
import { formatAmounts } from '../../platform/format.ts';
import { Ago } from '../../platform/time.tsx';
import { ImpersonateButton } from '../impersonation/ImpersonateButton.tsx';
import { EraseActivityButton } from './EraseActivityButton.tsx';
import { StateBadge, TierBadge } from './badges.tsx';
import { UserActionButton } from './UserActionButton.tsx';

export function UserFacts({ user, onChanged }: { user: UserDetail; onChanged: () => void }) {
  const styles = useStyles2(getStyles);
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    ['E-mail', `${user.email}${user.emailVerified ? '' : ' (not verified)'}`],
    ['Recurring revenue', formatAmounts(user.mrr, 'none')],
    ['Signed up', <Ago key="created" at={user.createdAt} />],
    ['Last seen', <Ago key="seen" at={user.lastSeenAt} />],
    ['Signs in with', user.identitySource ?? 'unknown'],
    ['Language', user.locale ?? 'unknown'],
    ['Id', <UserId key="id" id={user.id} />],
  ];
  return (
    <PanelChrome title="Account" actions={[<ImpersonateButton key="impersonate" user={user} />, <UserActionButton key="state" user={user} onChanged={onChanged} />, <EraseActivityButton key="erase" user={user} onChanged={onChanged} />]}>
      <Stack direction="column" gap={2}>
        <Stack direction="row" gap={1}>
          <StateBadge state={user.state} />
          <TierBadge tier={user.tier} />
          {user.isAdmin && <Badge text="admin" color="blue" icon="shield" />}
        </Stack>
        {user.suspendedAt && (
          <Alert severity="warning" title="Suspended" bottomSpacing={0}>
            <Ago at={user.suspendedAt} />: {user.suspensionReason ?? 'no reason was recorded'}
          </Alert>
        )}
        <dl className={styles.facts}>
          {facts.map(([term, value]) => (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Stack>
    </PanelChrome>
  );
}

const UserId = ({ id }: { id: string }) => (
  <Stack direction="row" gap={1} alignItems="center">
    <Text variant="code">{id}</Text>
    <ClipboardButton size="sm" variant="secondary" fill="text" icon="copy" aria-label="Copy the id" getText={() => id} />
  </Stack>
);

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(240px, 100%), 1fr))',
    gap: theme.spacing(2),
    margin: 0,
    dt: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere' },
    // The id is twice as wide as the rest.
    '& > div:last-child': { gridColumn: 'auto / span 2' },
  }),
});
