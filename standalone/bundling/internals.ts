// Modules of the published @grafana packages that their export maps hide, and what is taken from each. Grafana itself reaches them through
// "/internal" entry points that are not on npm. They are the one part without a promise of compatibility, hence a test that each still exists.

/** `@grafana-internal/<package>/<path>` → exported names the shell needs. */
export const INTERNAL_MODULES: Readonly<Record<string, readonly string[]>> = {
  '@grafana-internal/runtime/components/PluginPage': ['setPluginPage'],
  '@grafana-internal/runtime/components/PanelRenderer': ['setPanelRenderer'],
  '@grafana-internal/runtime/components/PanelDataErrorView': ['setPanelDataErrorView'],
  '@grafana-internal/runtime/services/dataSource/settings': ['initDataSourceInstanceSettings'],
  '@grafana-internal/runtime/services/dataSource/dataSource': ['setDataSourcePluginImporter'],
  '@grafana-internal/i18n/i18n': ['initializeI18n', 'getI18nInstance'],
  '@grafana-internal/scenes/variables/interpolation/sceneInterpolator': ['sceneInterpolator'],
};

/**
 * The file behind such a name: the very file the package's own index imports, so that both share one instance of the module.
 * @param packages directory that holds the @grafana packages
 */
export function internalModuleFile(name: string, packages: string): string {
  const [, owner = '', ...path] = name.split('/');
  return `${packages}/${owner}/dist/esm/${path.join('/')}.${owner === 'scenes' ? 'js' : 'mjs'}`;
}
