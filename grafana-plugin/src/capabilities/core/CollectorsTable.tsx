// The exporter's collectors: how old their numbers are and whether the last run worked.
import { LoadingState } from '@grafana/data';
import type { DataSourceRef } from '@grafana/schema';
import { sceneGraph, SceneObjectBase, type SceneComponentProps } from '@grafana/scenes';
import { Badge, PanelChrome, type BadgeColor } from '@grafana/ui';
import { ApiError } from '../../platform/api-error.ts';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatValue } from '../../platform/format.ts';
import { promQueries } from '../../platform/scene/data.ts';
import { Empty, Failed, Loading } from '../../platform/states.tsx';
import { COLLECTOR_QUERIES, collectorRows, type CollectorRow } from './collectors.ts';

const COLORS: Readonly<Record<CollectorRow['state'], BadgeColor>> = { fresh: 'green', stale: 'orange', failing: 'red' };
const seconds = (value: number | undefined): string => (value === undefined ? '–' : formatValue(value, 's', 1));

const columns: ReadonlyArray<Column<CollectorRow>> = [
  { id: 'name', header: 'Collector', cell: ({ name }) => name },
  { id: 'state', header: 'State', cell: ({ state }) => <Badge text={state} color={COLORS[state]} /> },
  { id: 'age', header: 'Numbers are', align: 'right', cell: ({ age }) => (age === undefined ? '–' : `${seconds(age)} old`) },
  { id: 'interval', header: 'Runs every', align: 'right', cell: ({ interval }) => seconds(interval) },
  { id: 'duration', header: 'Last run took', align: 'right', cell: ({ duration }) => (duration === undefined ? '–' : formatValue(duration, 's')) },
];

export class CollectorsTable extends SceneObjectBase {
  public constructor({ source }: { source: DataSourceRef }) {
    super({ $data: promQueries(source, COLLECTOR_QUERIES) });
  }

  public static Component = ({ model }: SceneComponentProps<CollectorsTable>) => {
    const { data } = sceneGraph.getData(model).useState();
    const rows = collectorRows(data?.series ?? []);
    return (
      <PanelChrome title="Collectors" description="The exporter reads the database on timers; a collector that fails keeps its last numbers for three of its intervals.">
        {rows.length > 0 ? (
          <DataTable label="Collectors" columns={columns} rows={rows} rowKey={({ name }) => name} />
        ) : data?.state === LoadingState.Error ? (
          <Failed what="the collectors" error={new ApiError('failed', data.errors?.[0]?.message ?? 'Prometheus did not answer.')} compact />
        ) : data?.state === LoadingState.Done ? (
          <Empty title="Prometheus has no numbers of the exporter yet" compact>
            Check that the exporter runs and that Prometheus scrapes it.
          </Empty>
        ) : (
          <Loading what="the collectors" compact />
        )}
      </PanelChrome>
    );
  };
}
