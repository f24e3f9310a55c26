// DataSourceSrv: finds data sources of the boot data by uid, name or default, and makes each instance once.
import type { DataSourceApi, DataSourceInstanceSettings, DataSourceRef, ScopedVars } from '@grafana/data';
import {
  config,
  type DataSourceSrv,
  type GetDataSourceListFilters,
  type RuntimeDataSourceRegistration,
} from '@grafana/runtime';
import { templateSrv } from './template-srv.ts';

type Create = (settings: DataSourceInstanceSettings) => DataSourceApi;
type Reference = DataSourceRef | string | null | undefined;

export function createDataSourceSrv(create: Create): DataSourceSrv {
  const instances = new Map<string, DataSourceApi>();
  const registered = new Map<string, RuntimeDataSourceRegistration['dataSource']>();

  function getInstanceSettings(ref?: Reference, scopedVars?: ScopedVars): DataSourceInstanceSettings | undefined {
    const all = Object.values(config.datasources);
    const named = typeof ref === 'string' ? ref : ref?.uid;
    const id = named === undefined ? undefined : templateSrv.replace(named, scopedVars);
    if (id !== undefined && id !== '' && id !== 'default') {
      return registered.get(id)?.instanceSettings ?? all.find(({ uid, name }) => uid === id || name === id);
    }
    const type = typeof ref === 'object' ? ref?.type : undefined;
    return all.find((settings) =>
      type === undefined ? settings.name === config.defaultDatasource : settings.type === type,
    );
  }

  return {
    getInstanceSettings,
    async get(ref, scopedVars) {
      const named = typeof ref === 'string' ? ref : ref?.uid;
      const runtime = named === undefined ? undefined : registered.get(named);
      if (runtime !== undefined) {
        return runtime;
      }
      const settings = getInstanceSettings(ref, scopedVars);
      if (settings === undefined) {
        throw new Error(`Datasource ${named ?? JSON.stringify(ref)} was not found`);
      }
      const instance = instances.get(settings.uid) ?? create(settings);
      instances.set(settings.uid, instance);
      return instance;
    },
    getList: (filters = {}) => Object.values(config.datasources).filter((settings) => matches(settings, filters)),
    reload: () => Promise.resolve(),
    registerRuntimeDataSource({ dataSource }: RuntimeDataSourceRegistration) {
      registered.set(dataSource.uid, dataSource);
    },
  };
}

function matches(settings: DataSourceInstanceSettings, filters: GetDataSourceListFilters): boolean {
  const { meta } = settings;
  const asked = (wanted: boolean | undefined, has: boolean | undefined): boolean => wanted !== true || has === true;
  return (
    asked(filters.metrics, meta.metrics) &&
    asked(filters.logs, meta.logs) &&
    asked(filters.tracing, meta.tracing) &&
    asked(filters.annotations, meta.annotations) &&
    asked(filters.alerting, meta.alerting) &&
    (filters.pluginId === undefined || meta.id === filters.pluginId) &&
    (filters.type === undefined || [filters.type].flat().includes(settings.type)) &&
    (filters.filter === undefined || filters.filter(settings))
  );
}
