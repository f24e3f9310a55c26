// The four states besides "here is the data": loading, empty, denied, failed. Each says what it is and what to do next.
// `compact` is for tiles and panels, where a headline and one line must do.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, EmptyState, Icon, LinkButton, Spinner, Stack, Text, useStyles2, type IconName } from '@grafana/ui';
import { pageUrl } from '../routes.ts';
import type { ApiError } from './api-error.ts';
import { roleNames, rolesWith, useMe } from './me.tsx';

export function Loading({ what, compact }: { what: string; compact?: boolean }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={compact ? styles.compact : styles.center} role="status" aria-live="polite">
      <Spinner inline /> <Text color="secondary">Loading {what}…</Text>
    </div>
  );
}

interface NoticeProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  compact?: boolean;
  role?: 'alert' | 'status';
}

function Notice({ icon, title, children, actions, compact, role = 'status' }: NoticeProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={compact ? styles.compact : styles.notice} role={role}>
      <Icon name={icon} size={compact ? 'lg' : 'xxxl'} className={styles.icon} />
      <Text element={compact ? 'p' : 'h2'} variant={compact ? 'body' : 'h4'}>
        {title}
      </Text>
      {children && (
        <Text element="p" color="secondary" variant={compact ? 'bodySmall' : 'body'} textAlignment="center">
          {children}
        </Text>
      )}
      {actions && (
        <Stack gap={1} wrap="wrap" justifyContent="center">
          {actions}
        </Stack>
      )}
    </div>
  );
}

export function Empty({ title, children, actions, compact }: { title: string; children?: ReactNode; actions?: ReactNode; compact?: boolean }) {
  if (compact) {
    return (
      <Notice icon="info-circle" title={title} actions={actions} compact>
        {children}
      </Notice>
    );
  }
  return (
    <EmptyState variant="not-found" hideImage message={title} button={actions}>
      {children}
    </EmptyState>
  );
}

/** Says which role is needed and which one the reader has. */
export function Denied({ permission, what, compact }: { permission: string; what: string; compact?: boolean }) {
  const { state } = useMe();
  const mine = state.status === 'ready' ? state.me.roles : [];
  const needed = roleNames(rolesWith(permission));
  return (
    <Notice icon="lock" title={compact ? 'Not part of your role' : `${what} is not part of your role`} compact={compact}>
      {compact ? `Needs ${needed}.` : `It needs the role ${needed}. ${mine.length === 0 ? 'You have no admin role.' : `You are ${roleNames(mine)}.`} A super admin can grant it in the host application; it takes effect at once.`}
    </Notice>
  );
}

/** What failed, why, and a way to try again. */
export function Failed({ what, error, onRetry, compact }: { what: string; error: ApiError; onRetry?: () => void; compact?: boolean }) {
  if (error.kind === 'denied') {
    return (
      <Notice icon="lock" title={`You may not see ${what}`} compact={compact} role="alert">
        {error.message}
      </Notice>
    );
  }
  return (
    <Notice
      icon="exclamation-triangle"
      title={`Could not load ${what}`}
      compact={compact}
      role="alert"
      actions={
        <>
          {onRetry && (
            <Button size="sm" icon="sync" variant="secondary" onClick={onRetry}>
              Try again
            </Button>
          )}
          {error.kind === 'unreachable' && !compact && (
            <LinkButton size="sm" variant="secondary" fill="text" href={pageUrl('configuration')}>
              Open the configuration
            </LinkButton>
          )}
        </>
      }
    >
      {error.message}
      {error.requestId && ` (request ${error.requestId})`}
    </Notice>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  center: css({ display: 'flex', alignItems: 'center', justifyContent: 'center', gap: theme.spacing(1), padding: theme.spacing(6, 2) }),
  notice: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    maxWidth: '60ch',
    margin: '0 auto',
    padding: theme.spacing(8, 2),
    textAlign: 'center',
  }),
  compact: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(0.5),
    height: '100%',
    minHeight: theme.spacing(8),
    padding: theme.spacing(1),
    textAlign: 'center',
    overflow: 'auto',
  }),
  icon: css({ color: theme.colors.text.secondary, flexShrink: 0 }),
});
