// /plugins/<id>: the configuration pages a plugin adds, one tab each.
import { Suspense, use } from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { PluginContextProvider, type KeyValue } from '@grafana/data';
import { locationSearchToObject } from '@grafana/runtime';
import { ErrorBoundaryAlert, LoadingPlaceholder } from '@grafana/ui';
import type { HostedApp } from '../app-plugin.ts';
import { activePage } from '../chrome/navigation.ts';
import { PluginPage } from '../chrome/PluginPage.tsx';
import { mayOpen } from './AppRoot.tsx';
import { AccessDenied, NotFound } from './StatusPage.tsx';

export function PluginConfigPage({ app }: { app: Promise<HostedApp> }) {
  const plugin = use(app);
  const { pathname, search } = useLocation();
  const query: KeyValue = locationSearchToObject(search);
  const pages = plugin.configPages ?? [];
  const shown = pages.find(({ id }) => id === query['page']) ?? pages[0];
  if (!mayOpen(plugin, pathname)) {
    return <AccessDenied />;
  }
  if (shown === undefined) {
    return <NotFound pathname={pathname} />;
  }
  const Body = shown.body;
  const tabs = pages.map(({ id, title }) => ({ text: title, url: `${pathname}?page=${id}`, active: id === shown.id }));
  return (
    <PluginPage
      pageNav={{
        text: activePage(pathname)?.text ?? plugin.meta.name,
        url: pathname,
        ...(tabs.length > 1 ? { children: tabs } : {}),
      }}
    >
      <PluginContextProvider meta={plugin.meta}>
        <ErrorBoundaryAlert title="The configuration page failed" dependencies={[shown.id]}>
          <Suspense fallback={<LoadingPlaceholder text="Loading" />}>
            <Body plugin={plugin} query={query} />
          </Suspense>
        </ErrorBoundaryAlert>
      </PluginContextProvider>
    </PluginPage>
  );
}
