// How this app reaches the actions API and Prometheus, and who it says the reader is.
import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { Badge, Button, LinkButton, PanelChrome, Stack, useStyles2 } from '@grafana/ui';
import { roleNames, useMe, type MeState } from '../../platform/me.tsx';
import { SETTINGS_URL } from '../../routes.ts';
import { prometheusSource, type Settings } from '../../platform/settings.ts';

interface Props {
  readonly settings: Settings | undefined;
  readonly hasToken: boolean;
}

export function Connection({ settings, hasToken }: Props) {
  const styles = useStyles2(getStyles);
  const { state, reload } = useMe();
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    ['Actions API', settings?.apiUrl ?? 'no address set'],
    ['Token', hasToken ? 'set' : 'not set'],
    ['Prometheus data source', prometheusSource(settings).uid],
    ['Connection', <ConnectionState key="state" state={state} />],
    ['You are', you(state)],
    ['Your roles', roles(state)],
  ];
  return (
    <PanelChrome
      title="Connection"
      actions={
        <Stack direction="row" gap={1}>
          <Button size="sm" variant="secondary" icon="sync" onClick={reload}>
            Check again
          </Button>
          <LinkButton size="sm" variant="secondary" icon="cog" href={SETTINGS_URL}>
            Settings
          </LinkButton>
        </Stack>
      }
    >
      <dl className={styles.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {state.status === 'failed' && <p role="alert">{state.error.message}</p>}
    </PanelChrome>
  );
}

function ConnectionState({ state }: { state: MeState }) {
  switch (state.status) {
    case 'loading':
      return <Badge text="checking" color="blue" />;
    case 'failed':
      return <Badge text={state.error.kind === 'denied' ? 'refused' : 'no answer'} color="red" icon="exclamation-triangle" />;
    case 'ready':
      return <Badge text="works" color="green" icon="check" />;
  }
}

const you = (state: MeState): string => (state.status === 'ready' ? `${state.me.user.name ?? state.me.user.email} (${state.me.user.email})` : '–');
const roles = (state: MeState): string => {
  if (state.status !== 'ready') {
    return '–';
  }
  return state.me.roles.length === 0 ? 'none: a super admin grants them in the host application' : roleNames(state.me.roles);
};

const getStyles = (theme: GrafanaTheme2) => ({
  facts: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))',
    gap: theme.spacing(2),
    margin: 0,
    dt: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
});
