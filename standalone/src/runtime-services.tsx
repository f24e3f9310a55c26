// Hands Grafana's packages the services a Grafana server's page would have set, before any plugin code runs.
import {
  DataSourcePlugin,
  locationUtil,
  setLocale,
  setTimeZoneResolver,
  setWeekStart,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type GrafanaConfig,
} from '@grafana/data';
import {
  config,
  FakeEchoSrv,
  locationService,
  setAppEvents,
  setBackendSrv,
  setChromeHeaderHeightHook,
  setCurrentUser,
  setDataSourceSrv,
  setEchoSrv,
  setLocationSrv,
  setPluginComponentHook,
  setPluginComponentsHook,
  setPluginFunctionsHook,
  setPluginImportUtils,
  setPluginLinksHook,
  setQueryRunnerFactory,
  setReturnToPreviousHook,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import { initializeI18n } from '@grafana-internal/i18n/i18n';
import { setPanelDataErrorView } from '@grafana-internal/runtime/components/PanelDataErrorView';
import { setPanelRenderer } from '@grafana-internal/runtime/components/PanelRenderer';
import { setPluginPage } from '@grafana-internal/runtime/components/PluginPage';
import { setDataSourcePluginImporter } from '@grafana-internal/runtime/services/dataSource/dataSource';
import { initDataSourceInstanceSettings } from '@grafana-internal/runtime/services/dataSource/settings';
import { appEvents } from './app-events.ts';
import { HEADER_HEIGHT } from './chrome/header-height.ts';
import { PluginPage } from './chrome/PluginPage.tsx';
import { panelPlugins } from './panel-plugins.ts';
import { PanelDataErrorView } from './panels/PanelDataErrorView.tsx';
import { fillRegistries } from './registries.ts';
import { createBackendSrv } from './services/backend-srv.ts';
import { createDataSourceSrv } from './services/data-source-srv.ts';
import { PrometheusDataSource } from './services/prometheus-data-source.ts';
import { runRequest } from './services/run-request.ts';
import { templateSrv } from './services/template-srv.ts';

const LANGUAGE = 'en-US';

/** A part of Grafana that this shell does not have says so when it is used, not before. */
const notHosted = (what: string) => (): never => {
  throw new Error(`${what} is not available in the standalone shell.`);
};

// The query type is a parameter of the class that Grafana's own signatures leave at their base.
const prometheus = (settings: DataSourceInstanceSettings): DataSourceApi =>
  new PrometheusDataSource(settings) as unknown as DataSourceApi;
const prometheusClass = PrometheusDataSource as unknown as new (settings: DataSourceInstanceSettings) => DataSourceApi;

/** Leaves for the sign-in page and comes back to the same address. */
function signedOut(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/login?redirectTo=${encodeURIComponent(pathname + search)}`);
}

export async function provideServices(): Promise<void> {
  await initializeI18n({ language: LANGUAGE, ns: ['grafana'] });
  setLocale(LANGUAGE);
  setWeekStart(config.bootData.user.weekStart);
  setTimeZoneResolver(() => config.bootData.user.timezone);
  fillRegistries();

  setEchoSrv(new FakeEchoSrv());
  setAppEvents(appEvents);
  setBackendSrv(createBackendSrv({ events: appEvents, signedOut }));
  setLocationSrv(locationService);
  setTemplateSrv(templateSrv);
  setCurrentUser(config.bootData.user);
  setDataSourceSrv(createDataSourceSrv(prometheus));
  initDataSourceInstanceSettings(config.datasources, config.defaultDatasource);
  setDataSourcePluginImporter(() => Promise.resolve(new DataSourcePlugin(prometheusClass)));
  setRunRequest(runRequest);
  setQueryRunnerFactory(notHosted('The query runner'));
  setPluginImportUtils(panelPlugins);
  locationUtil.initialize({
    config: config as unknown as GrafanaConfig,
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
    getVariablesUrlParams: () => ({}),
  });

  setPluginPage(PluginPage);
  setPanelRenderer(notHosted('PanelRenderer'));
  setPanelDataErrorView(PanelDataErrorView);
  setChromeHeaderHeightHook(() => HEADER_HEIGHT);
  setReturnToPreviousHook(() => () => undefined);
  // Nothing extends anything here: there is one plugin.
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setPluginComponentHook(() => ({ component: null, isLoading: false }));
  setPluginComponentsHook(() => ({ components: [], isLoading: false }));
  setPluginFunctionsHook(() => ({ functions: [], isLoading: false }));
}
