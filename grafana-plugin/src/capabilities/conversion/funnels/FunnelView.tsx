// The result of one funnel: bars, groups, the time it took, the persons behind each bar, and the numbers as CSV. The page
// and the dashboard panel show the same.
import { useState, type ReactNode } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { FUNNEL_BREAKDOWNS, OTHER_GROUPS, SMALL_GROUPS, stepName, type FunnelGroup, type FunnelResult } from '@admin-center/contracts/conversion-funnels';
import { Button, Stack, Text } from '@grafana/ui';
import { Choice } from '../../../platform/Choice.tsx';
import { csvName, toCsv } from '../../../platform/csv.ts';
import { download } from '../../../platform/download.ts';
import { formatCount, plural } from '../../../platform/format.ts';
import { Loaded } from '../../../platform/Loaded.tsx';
import { Empty } from '../../../platform/states.tsx';
import { useApi } from '../../../platform/use-api.ts';
import { useReload } from '../../../platform/use-reload.ts';
import { UsersBehind } from '../../../platform/UsersBehind.tsx';
import { percentText, windowText } from '../durations.ts';
import { Building } from './Building.tsx';
import { type Bar, FunnelBars } from './FunnelBars.tsx';
import { TimeChart } from './TimeChart.tsx';

export type Breakdown = (typeof FUNNEL_BREAKDOWNS)[number];
const SPLITS = FUNNEL_BREAKDOWNS.filter((value) => value !== 'none').map((value) => ({ value, label: `by ${value}` }));
const ORDER_TEXT = { ordered: 'in this order, others may come between', strict: 'each the very next event', any: 'in any order' } as const;

interface Props {
  readonly funnelKey: string;
  readonly from: string;
  readonly to: string;
  readonly breakdown: Breakdown;
  readonly onBreakdown?: (breakdown: Breakdown) => void;
  /** Changes with each refresh. */
  readonly tick: unknown;
  readonly actions?: ReactNode;
  readonly withTime?: boolean;
}

export function FunnelView({ funnelKey, from, to, breakdown, onBreakdown, tick, actions, withTime = true }: Props) {
  const params = { key: funnelKey };
  const result = useApi(conversion.endpoints.funnelResult, { params, query: { from, to, breakdown } });
  useReload(result.reload, tick);
  if (result.status === 'failed' && result.error.code === 'funnel_building') {
    return <Building funnelKey={funnelKey} onBuilt={result.reload} />;
  }
  return (
    <Loaded result={result} what="the funnel">
      {(data) => (
        <Stack direction="column" gap={2}>
          <Stack direction="row" gap={1} wrap="wrap" alignItems="center" justifyContent="space-between">
            <Text color="secondary" variant="bodySmall">
              {`Entered from ${data.from} to ${data.to} (UTC days), ${ORDER_TEXT[data.definition.order]}, within ${windowText(data.definition.windowSeconds)}. A person counts once; hatched is who may still convert.`}
            </Text>
            <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
              {onBreakdown && <Choice label="Breakdown" value={breakdown === 'none' ? '' : breakdown} options={SPLITS} onChange={(value) => onBreakdown(value || 'none')} />}
              <Button size="sm" variant="secondary" icon="download-alt" onClick={() => download(csvName(`funnel ${funnelKey}`), csvOf(data), 'text/csv')}>
                CSV
              </Button>
              {actions}
            </Stack>
          </Stack>
          <Result data={data} withTime={withTime} />
        </Stack>
      )}
    </Loaded>
  );
}

function Result({ data, withTime }: { data: FunnelResult; withTime: boolean }) {
  const [open, setOpen] = useState<Bar>();
  if (data.total.entered === 0) {
    return <Empty title="Nobody entered in this time" compact />;
  }
  return (
    <>
      <Group data={data} group={data.total} title="Everybody" onBar={setOpen} />
      {data.groups.map((group) => (
        // Groups told together are of no one value, so nobody can be listed by it.
        <Group key={group.value} data={data} group={group} title={`${data.breakdown}: ${group.value}`} onBar={group.value === OTHER_GROUPS || group.value === SMALL_GROUPS ? undefined : setOpen} />
      ))}
      {withTime && <TimeChart time={data.time} windowSeconds={data.definition.windowSeconds} />}
      {open && <Persons data={data} bar={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Group({ data, group, title, onBar }: { data: FunnelResult; group: FunnelGroup; title: string; onBar?: (bar: Bar) => void }) {
  return (
    <section aria-label={title}>
      <Stack direction="column" gap={1}>
        <Stack direction="row" gap={1} alignItems="baseline" wrap="wrap">
          <Text element="h3" variant="h5">
            {title}
          </Text>
          <Text color="secondary" variant="bodySmall">
            {`${plural(group.entered, 'person', 'persons')} entered, ${formatCount(group.converted)} converted, ${formatCount(group.pending)} pending, ${formatCount(group.dropped)} dropped out; ${percentText(group.ratio)} of those decided`}
          </Text>
        </Stack>
        <FunnelBars definition={data.definition} group={group} onBar={onBar} />
      </Stack>
    </section>
  );
}

const OUTCOME_TEXT = { reached: 'reached', pending: 'pending after', dropped: 'dropped out after' } as const;

function Persons({ data, bar, onClose }: { data: FunnelResult; bar: Bar; onClose: () => void }) {
  const step = data.definition.steps[bar.step - 1];
  const name = step ? stepName(step) : `step ${bar.step}`;
  return (
    <UsersBehind
      endpoint={conversion.endpoints.funnelUsers}
      params={{ key: data.key }}
      query={{ from: data.from, to: data.to, step: bar.step, outcome: bar.outcome, breakdown: data.breakdown, ...(bar.value === null ? {} : { value: bar.value }) }}
      title={`${data.definition.name}: ${OUTCOME_TEXT[bar.outcome]} ${name}${bar.value === null ? '' : `, ${data.breakdown} ${bar.value}`}`}
      definition={`Entered from ${data.from} to ${data.to}. Anonymous visitors have no e-mail.`}
      onClose={onClose}
    />
  );
}

const csvOf = ({ definition, total, groups }: FunnelResult): string =>
  toCsv(
    ['group', 'step', 'name', 'reached', 'pending', 'dropped', 'median seconds since the step before'],
    [total, ...groups].flatMap((group) => group.steps.map((step, index) => [group.value ?? 'all', index + 1, definition.steps[index] ? stepName(definition.steps[index]) : '', step.users, step.pending, step.dropped, step.medianSeconds]))
  );
