// The sessions under way in a dashboard panel: its own permissions and states, the same rows and buttons as the page.
import { css } from '@emotion/css';
import { uuid } from '@admin-center/contracts/fields';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { LinkButton, Stack, useStyles2 } from '@grafana/ui';
import { ActiveSessions } from '../../capabilities/impersonation/ActiveSessions.tsx';
import { panelRequest } from '../../capabilities/impersonation/context.ts';
import { RequestButton } from '../../capabilities/impersonation/RequestButton.tsx';
import { Gate } from '../../platform/Gate.tsx';
import { MeProvider } from '../../platform/me.tsx';
import { pageUrl } from '../../routes.ts';

export interface ImpersonationPanelOptions {
  showRequest: boolean;
  /** Id of a user, or a variable that holds one. */
  user: string;
}

type Props = Pick<PanelProps<ImpersonationPanelOptions>, 'options' | 'width' | 'height' | 'title' | 'timeRange' | 'replaceVariables'>;

export function ImpersonationPanel({ options, width, height, title, timeRange, replaceVariables }: Props) {
  const styles = useStyles2(getStyles);
  const linked = () => {
    const { pathname, search } = locationService.getLocation();
    const userId = uuid.safeParse(replaceVariables(options.user)).data;
    return { userId, context: panelRequest({ url: `${pathname}${search}`, title: title || undefined, from: timeRange.from.toISOString(), to: timeRange.to.toISOString() }) };
  };
  return (
    <div className={styles.panel} style={{ width, height }}>
      <MeProvider>
        <Gate permission="impersonation:read" what="Impersonation" compact>
          <Stack direction="column" gap={1}>
            <Stack direction="row" justifyContent="space-between" gap={1} wrap="wrap">
              {options.showRequest && <RequestButton linked={linked} />}
              <LinkButton size="sm" variant="secondary" fill="text" icon="external-link-alt" href={pageUrl('impersonation')}>
                Open in the Admin Center
              </LinkButton>
            </Stack>
            <ActiveSessions tick={timeRange.to.valueOf()} onOpen={(sessionId) => locationService.push(`${pageUrl('impersonation')}?session=${sessionId}`)} />
          </Stack>
        </Gate>
      </MeProvider>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({ panel: css({ overflow: 'auto', paddingBottom: theme.spacing(1) }) });
