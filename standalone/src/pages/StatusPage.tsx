// Pages of the shell itself that only say something: access denied, not found, failed.
import { EmptyState, LinkButton } from '@grafana/ui';
import { appNav } from '../chrome/navigation.ts';
import { PluginPage } from '../chrome/PluginPage.tsx';

interface StatusPageProps {
  readonly title: string;
  readonly text: string;
}

function StatusPage({ title, text }: StatusPageProps) {
  return (
    <PluginPage pageNav={{ text: title }} renderTitle={() => null}>
      <EmptyState
        variant="not-found"
        message={title}
        hideImage
        role="alert"
        button={
          <LinkButton href={appNav().url} variant="secondary">
            Go to {appNav().text}
          </LinkButton>
        }
      >
        {text}
      </EmptyState>
    </PluginPage>
  );
}

export const AccessDenied = () => <StatusPage title="Access denied" text="Your role in Grafana does not allow you to open this page. An administrator can change that." />;

const GRAFANA_ONLY = /^\/(?:d|dashboards?|explore|alerting|admin|connections)(?:\/|$)/;

export const NotFound = ({ pathname }: { pathname: string }) => (
  <StatusPage title="Page not found" text={GRAFANA_ONLY.test(pathname) ? 'This is a page of Grafana itself. The standalone shell shows the pages of the plugin only.' : 'There is no page at this address.'} />
);
