// What Grafana loads: the app's root page, in a chunk of its own.
import { lazy, Suspense } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_ID } from './plugin-id.ts';

const LazyApp = lazy(async () => {
  // Scenes brings its own texts and throws unless they are loaded before it renders.
  const { loadResources } = await import('@grafana/scenes');
  await initPluginTranslations(PLUGIN_ID, [loadResources]);
  const { App } = await import('./App.tsx');
  return { default: App };
});

const Root = (props: AppRootProps) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the Admin Center" />}>
    <LazyApp {...props} />
  </Suspense>
);

export const plugin = new AppPlugin().setRootPage(Root);
