// The plugin's pages under /a/<id>/*: the access check Grafana makes, then the plugin's own root component.
import { Suspense, use } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { PluginContextProvider, type KeyValue } from '@grafana/data';
import { config, locationSearchToObject } from '@grafana/runtime';
import { ErrorBoundaryAlert, LoadingPlaceholder } from '@grafana/ui';
import { isOrgRole, mayAccess } from '../access.ts';
import type { HostedApp } from '../app-plugin.ts';
import { AccessDenied, NotFound } from './StatusPage.tsx';

const ignoreNavigation = (): void => undefined;

export function AppRoot({ app }: { app: Promise<HostedApp> }) {
  const plugin = use(app);
  const { pathname, search } = useLocation();
  const Root = plugin.root;
  if (!mayOpen(plugin, pathname)) {
    return <AccessDenied />;
  }
  if (Root === undefined) {
    return <NotFound pathname={pathname} />;
  }
  const query: KeyValue = locationSearchToObject(search);
  return (
    <PluginContextProvider meta={plugin.meta}>
      <ErrorBoundaryAlert title="The page failed" style="page" dependencies={[pathname]}>
        <Suspense fallback={<LoadingPlaceholder text="Loading" />}>
          <Root meta={plugin.meta} basename={pathname} onNavChanged={ignoreNavigation} query={query} path={pathname} />
        </Suspense>
      </ErrorBoundaryAlert>
    </PluginContextProvider>
  );
}

/** As in Grafana, only an exact match of a page's path is checked; deeper pages guard themselves. */
export function mayOpen(plugin: HostedApp, pathname: string): boolean {
  const { orgRole, permissions = {} } = config.bootData.user;
  const page = plugin.meta.includes?.find(({ path }) => path === pathname);
  return page === undefined || (isOrgRole(orgRole) && mayAccess(page, orgRole, permissions));
}
