// The changes in a time range, ranked by how well each explains the step of a series, in words and as a table.
import { useId, useMemo, useState } from 'react';
import { audit, type Change } from '@admin-center/contracts/audit';
import { Alert, Combobox, InlineField, PanelChrome, Stack, Text } from '@grafana/ui';
import { DataTable } from '../../platform/DataTable.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty, Loading } from '../../platform/states.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { rankChanges, type Ranking } from '../../platform/what-changed/rank-changes.ts';
import { mostMoved, type NamedSeries } from '../../platform/what-changed/series.ts';
import { changeColumns, duration, levels } from './change-columns.tsx';

const SHOWN = 20;

interface Props {
  /** Undefined while the query runs. */
  readonly series: readonly NamedSeries[] | undefined;
  readonly problem: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly unit: string;
}

export function WhatChanged({ series, problem, from, to, unit }: Props) {
  const result = useApi(audit.endpoints.changes, { query: { from, to } });
  useReload(result.reload);
  return (
    <PanelChrome title="What changed before it?" description="Admin actions in this time range. For each, the level of the series just before and just after it is fitted beside a trend; the action after which the series jumps comes first.">
      {problem !== undefined ? (
        <Alert severity="error" title="The panel's query failed">
          {problem}
        </Alert>
      ) : series === undefined ? (
        <Loading what="the series" compact />
      ) : (
        <Loaded result={result} what="the changes">
          {({ items }) => <Ranked series={series} changes={items} unit={unit} />}
        </Loaded>
      )}
    </PanelChrome>
  );
}

function Ranked({ series, changes, unit }: { series: readonly NamedSeries[]; changes: readonly Change[]; unit: string }) {
  const seriesId = useId();
  const [chosen, setChosen] = useState<string>();
  const moved = useMemo(() => mostMoved(series), [series]);
  const shown = series.find(({ name }) => name === chosen) ?? moved;
  const ranking = useMemo(() => rankChanges(shown?.points ?? [], changes), [shown, changes]);
  if (shown === undefined || shown.points.length === 0) {
    return <Empty title="The query has no data in this time range" compact />;
  }
  if (changes.length === 0) {
    return (
      <Empty title="No admin changed anything in this time range" compact>
        Whatever moved this series, it was not an action of the Admin Center. Widen the time range to look further back.
      </Empty>
    );
  }
  return (
    <Stack direction="column" gap={2}>
      {series.length > 1 && (
        <InlineField label="Series" labelWidth={10} htmlFor={seriesId}>
          <Combobox id={seriesId} width={40} options={series.map(({ name }) => ({ value: name, label: name }))} value={shown.name} onChange={({ value }) => setChosen(value)} />
        </InlineField>
      )}
      <div role="status">
        <Text element="p">{sentence(shown.name, ranking, unit)}</Text>
      </div>
      <DataTable label="Changes, the likeliest cause first" columns={changeColumns(unit)} rows={ranking.ranked.slice(0, SHOWN)} rowKey={({ change }) => change.id} />
      {changes.length > SHOWN && <Text color="secondary">{`${changes.length - SHOWN} less likely ones are not shown.`}</Text>}
    </Stack>
  );
}

function sentence(name: string, { step, ranked }: Ranking<Change>, unit: string): string {
  if (step === null) {
    return `${name} makes no step in this time range that stands out of its noise; the changes are ranked by what little it moved after each.`;
  }
  const [first] = ranked;
  const moved = `${name} ${step.effect > 0 ? 'rose' : 'fell'} at ${formatInstant(new Date(step.time).toISOString())}: ${levels(step, unit)}.`;
  return first?.verdict === 'likely' && first.distance !== null
    ? `${moved} Most likely the cause: ${first.change.action}${first.change.target === null ? '' : ` on ${first.change.target.type} ${first.change.target.id}`}, ${duration(first.distance)} before.`
    : `${moved} None of the changes fits well.`;
}
