// Pages of the shell itself that only say something: access denied, not found, failed.
import { LinkButton, Stack, Text } from '@grafana/ui';
import { appNav } from '../chrome/navigation.ts';
import { PluginPage } from '../chrome/PluginPage.tsx';

interface StatusPageProps {
  readonly title: string;
  readonly text: string;
}

const StatusPage = ({ title, text }: StatusPageProps) => (
  <PluginPage pageNav={{ text: title }}>
    <Stack direction="column" alignItems="flex-start" gap={2}>
      <Text element="p">{text}</Text>
      <LinkButton href={appNav().url} variant="secondary">
        Go to {appNav().text}
      </LinkButton>
    </Stack>
  </PluginPage>
);

export const AccessDenied = () => (
  <StatusPage
    title="Access denied"
    text="Your role in Grafana does not allow you to open this page. An administrator can change that."
  />
);

const GRAFANA_ONLY = /^\/(?:d|dashboards?|explore|alerting|admin|connections)(?:\/|$)/;

export const NotFound = ({ pathname }: { pathname: string }) => (
  <StatusPage
    title="Page not found"
    text={
      GRAFANA_ONLY.test(pathname)
        ? 'This is a page of Grafana itself. The standalone shell shows the pages of the plugin only.'
        : 'There is no page at this address.'
    }
  />
);
