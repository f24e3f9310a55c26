// Starts the shell in the browser: services, shared packages, the plugin, then the page with Grafana's router and theme around it.
import { Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router-dom';
import { CompatRouter, Navigate, Route, Routes, useLocation } from 'react-router-dom-v5-compat';
import { ThemeContext } from '@grafana/data';
import { config, LocationServiceProvider, locationService } from '@grafana/runtime';
import { ErrorBoundaryAlert, GlobalStyles, LoadingPlaceholder, PortalContainer } from '@grafana/ui';
import { loadApp, type HostedApp } from './app-plugin.ts';
import { interceptLinks } from './chrome/link-interception.ts';
import { appNav } from './chrome/navigation.ts';
import { Shell } from './chrome/Shell.tsx';
import { fillIconCache } from './icon-cache.ts';
import { registerShared } from './loader.ts';
import { AppRoot } from './pages/AppRoot.tsx';
import { PluginConfigPage } from './pages/PluginConfigPage.tsx';
import { NotFound } from './pages/StatusPage.tsx';
import { provideServices } from './runtime-services.tsx';
import { sharedDependencies } from './shared-dependencies.ts';

const { pluginId } = window.standaloneShell;

function Pages({ app }: { app: Promise<HostedApp> }) {
  const { pathname } = useLocation();
  return (
    <Suspense fallback={<LoadingPlaceholder text="Loading" />}>
      <Routes>
        <Route path="/" element={<Navigate replace to={appNav().url ?? `/a/${pluginId}`} />} />
        <Route path={`/a/${pluginId}/*`} element={<AppRoot app={app} />} />
        <Route path={`/plugins/${pluginId}`} element={<PluginConfigPage app={app} />} />
        <Route path="*" element={<NotFound pathname={pathname} />} />
      </Routes>
    </Suspense>
  );
}

const Root = ({ app }: { app: Promise<HostedApp> }) => (
  <ThemeContext.Provider value={config.theme2}>
    <GlobalStyles />
    <LocationServiceProvider service={locationService}>
      <Router history={locationService.getHistory()}>
        <CompatRouter>
          <Shell>
            <ErrorBoundaryAlert title="The plugin could not be started" style="page">
              <Pages app={app} />
            </ErrorBoundaryAlert>
          </Shell>
        </CompatRouter>
      </Router>
    </LocationServiceProvider>
    <PortalContainer />
  </ThemeContext.Provider>
);

fillIconCache();
await provideServices();
registerShared(sharedDependencies);
document.addEventListener('click', interceptLinks);
const container = document.getElementById('reactRoot');
if (container !== null) {
  createRoot(container).render(<Root app={loadApp(pluginId)} />);
}
