// Queries of a panel as a Scenes data provider over the Prometheus data source.
import { SceneQueryRunner } from '@grafana/scenes';
import type { DataSourceRef } from '@grafana/schema';
import type { PanelQuery } from '../panel.ts';

const REF_IDS = 'ABCDEFGH';

export interface PromQuery {
  refId: string;
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
}

export const toPromQuery = ({ expr, legend, instant = false }: PanelQuery, index: number): PromQuery => ({
  refId: REF_IDS.charAt(index),
  expr,
  legendFormat: legend,
  instant,
  range: !instant,
});

/** @param maxDataPoints fewer points make a smoother line and a cheaper query */
export const promQueries = (source: DataSourceRef, queries: readonly PromQuery[], maxDataPoints?: number): SceneQueryRunner =>
  new SceneQueryRunner({ datasource: source, queries: [...queries], maxDataPoints });
