// What Grafana loads: the app's root page and its settings form, each in a chunk of its own, and entries in the menus of
// Grafana's own panels.
import { lazy, Suspense } from 'react';
import { AppPlugin, type AppRootProps, type PluginExtensionPanelContext } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { getTemplateSrv } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import type { SettingsFormProps } from './capabilities/core/SettingsForm.tsx';
import type { Settings } from './platform/settings.ts';
import { LINKS } from './extensions/links.ts';
import { impersonatePath, whatChangedPath } from './extensions/panel-links.ts';
import { PLUGIN_ID } from './plugin-id.ts';
import { pageUrl } from './routes.ts';

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

// `category` is what Grafana 12 groups by, `group` what later ones do.
const menuEntry = ({ targets, title, description }: (typeof LINKS)[keyof typeof LINKS]) => ({ targets: [...targets], title, description, category: 'Admin Center', group: { name: 'Admin Center' } });
/** Grafana hides an entry that is configured to be undefined. */
const where = (path: string | undefined) => (path === undefined ? undefined : { path });

export const plugin = new AppPlugin<Settings>()
  .setRootPage(Root)
  .addConfigPage({ id: 'configuration', title: 'Connection', icon: 'cog', body: SettingsPage })
  .addLink<PluginExtensionPanelContext>({
    ...menuEntry(LINKS.whatChanged),
    path: pageUrl('audit'),
    icon: 'history',
    configure: (context) => where(whatChangedPath(context, (text, scopedVars) => getTemplateSrv().replace(text, scopedVars))),
  })
  .addLink<PluginExtensionPanelContext>({
    ...menuEntry(LINKS.impersonate),
    path: pageUrl('impersonation'),
    icon: 'user',
    configure: (context) => where(impersonatePath(context)),
  });
