// The Prometheus data source: Grafana's own wire format (DataSourceWithBackend, POST /api/ds/query); Prometheus itself stays unexposed.
import { map, type Observable } from 'rxjs';
import type {
  DataQuery,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceInstanceSettings,
  DataSourceJsonData,
  MetricFindValue,
  ScopedVars,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { framesToTables } from './prometheus-table.ts';

export interface PrometheusQuery extends DataQuery {
  expr: string;
  range?: boolean;
  instant?: boolean;
  format?: 'time_series' | 'table' | 'heatmap';
  legendFormat?: string;
  interval?: string;
}

interface PrometheusOptions extends DataSourceJsonData {
  timeInterval?: string;
}

/** A class because the base class is one. */
export class PrometheusDataSource extends DataSourceWithBackend<PrometheusQuery, PrometheusOptions> {
  /** Scenes takes the smallest step from here. */
  override interval: string;

  constructor(settings: DataSourceInstanceSettings<PrometheusOptions>) {
    super(settings);
    this.interval = settings.jsonData.timeInterval ?? '15s';
  }

  override applyTemplateVariables(
    query: PrometheusQuery,
    scopedVars: ScopedVars,
  ): PrometheusQuery & { utcOffsetSec: number } {
    // The server resolves the step, which it alone knows.
    const { __interval, __interval_ms, ...variables } = scopedVars;
    return {
      ...query,
      expr: getTemplateSrv().replace(query.expr, variables, formatForMatcher),
      ...(query.interval === undefined ? {} : { interval: getTemplateSrv().replace(query.interval, variables) }),
      ...(query.legendFormat === undefined
        ? {}
        : { legendFormat: getTemplateSrv().replace(query.legendFormat, variables) }),
      utcOffsetSec: new Date().getTimezoneOffset() * -60,
    };
  }

  override query(request: DataQueryRequest<PrometheusQuery>): Observable<DataQueryResponse> {
    const tables = new Set(request.targets.filter(({ format }) => format === 'table').map(({ refId }) => refId));
    return super.query(request).pipe(map((response) => ({ ...response, data: framesToTables(response.data, tables) })));
  }

  override filterQuery(query: PrometheusQuery): boolean {
    return query.hide !== true && query.expr.trim() !== '';
  }

  /** `label_values(metric, label)`, `label_values(label)`, `metrics(regex)` and `label_names()`, as query variables write them. */
  override async metricFindQuery(query: string | { query: string }): Promise<MetricFindValue[]> {
    const text = getTemplateSrv()
      .replace(typeof query === 'string' ? query : query.query, {}, formatForMatcher)
      .trim();
    const labelValues = /^label_values\((?:(.+),\s*)?([a-zA-Z_]\w*)\)$/.exec(text);
    const metrics = /^metrics\((.*)\)$/.exec(text);
    if (/^label_names\(\)$/.test(text)) {
      return this.lookUp('api/v1/labels', {});
    }
    if (labelValues !== null) {
      return this.lookUp(
        `api/v1/label/${labelValues[2]}/values`,
        labelValues[1] === undefined ? {} : { 'match[]': labelValues[1] },
      );
    }
    if (metrics !== null) {
      const wanted = new RegExp(metrics[1] ?? '');
      return (await this.lookUp('api/v1/label/__name__/values', {})).filter(({ text: name }) => wanted.test(name));
    }
    throw new Error(`The variable query "${text}" is not one of label_names(), label_values(…), metrics(…).`);
  }

  private async lookUp(path: string, parameters: Record<string, string>): Promise<MetricFindValue[]> {
    const answer: { data: string[] } = await this.getResource(path, parameters);
    return answer.data.map((text) => ({ text }));
  }
}

const escapeRegex = (value: string): string => value.replace(/\\/g, '\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');

/** A list inside a regular expression matcher becomes an alternation; a lone value stays as it is. */
function formatForMatcher(value: string | string[]): string {
  if (typeof value === 'string') {
    return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
  }
  const escaped = value.map(escapeRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}
