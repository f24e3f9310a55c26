// What Grafana loads: the app's root page and its settings form, each in a chunk of its own.
import { lazy, Suspense } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import type { SettingsFormProps } from './capabilities/core/SettingsForm.tsx';
import type { Settings } from './platform/settings.ts';
import { PLUGIN_ID } from './plugin-id.ts';

const LazyApp = lazy(async () => {
  // Scenes brings its own texts and throws unless they are loaded before it renders.
  const { loadResources } = await import('@grafana/scenes');
  await initPluginTranslations(PLUGIN_ID, [loadResources]);
  const { App } = await import('./App.tsx');
  return { default: App };
});

const LazySettingsForm = lazy(async () => {
  await import('./platform/jitless.ts');
  const { SettingsForm } = await import('./capabilities/core/SettingsForm.tsx');
  return { default: SettingsForm };
});

const Root = (props: AppRootProps<Settings>) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the Admin Center" />}>
    <LazyApp {...props} />
  </Suspense>
);

const SettingsPage = (props: SettingsFormProps) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the settings" />}>
    <LazySettingsForm {...props} />
  </Suspense>
);

export const plugin = new AppPlugin<Settings>()
  .setRootPage(Root)
  .addConfigPage({ id: 'configuration', title: 'Connection', icon: 'cog', body: SettingsPage });
