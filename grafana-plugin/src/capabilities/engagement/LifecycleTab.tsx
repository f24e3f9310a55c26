// Where the users of an interval come from, who went dormant, and the churn of activity (D5).
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import { INTERVALS, LIFECYCLE_STATES, type Lifecycle } from '@admin-center/contracts/engagement-answers';
import { RadioButtonGroup, Stack, Text } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { UsersBehind } from '../../platform/UsersBehind.tsx';
import { BarChart, type Bar } from './BarChart.tsx';
import { CsvButton } from './CsvButton.tsx';
import { DefinedBy } from './DefinedBy.tsx';
import type { TabProps } from './EngagementTabs.tsx';
import { LineChart } from './LineChart.tsx';
import { LIFECYCLE_COLORS } from './panels.ts';
import { intervalName } from './scale.ts';

const { endpoints } = engagement;
type State = (typeof LIFECYCLE_STATES)[number];

export function LifecycleTab({ range }: TabProps) {
  const [interval, setInterval] = useState<(typeof INTERVALS)[number]>('week');
  const [opened, setOpened] = useState<{ startsOn: string; state: State }>();
  const result = useApi(endpoints.lifecycle, { query: { from: range.from.slice(0, 10), to: range.to.slice(0, 10), interval } });
  useReload(result.reload, range.to);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <RadioButtonGroup aria-label="Interval" size="sm" options={INTERVALS.map((value) => ({ value, label: `By ${value}` }))} value={interval} onChange={setInterval} />
        {result.data && <CsvButton title={`lifecycle by ${interval}`} header={['starts_on', 'complete', ...LIFECYCLE_STATES, 'active', 'churn']} rows={() => rowsOf(result.data)} />}
      </Stack>
      <Loaded result={result} what="the lifecycle" compact>
        {({ items, definition }) =>
          items.every(({ active, dormant }) => active + dormant === 0) ? (
            <Empty title="Nobody was active in this range" compact />
          ) : (
            <>
              <Text element="h3" variant="h5">{`Users by ${interval} and where they come from`}</Text>
              <BarChart label={`Lifecycle by ${interval}`} bars={items.map((item) => barOf(interval, item))} onOpen={({ key }, { name }) => setOpened({ startsOn: key, state: name as State })} />
              <Text element="h3" variant="h5">{`Churn of activity by ${interval}`}</Text>
              <LineChart
                label={`Churn of activity by ${interval}`}
                unit="percentunit"
                days={items.map(({ startsOn }) => startsOn)}
                columns={items.map(({ startsOn }) => intervalName(interval, startsOn))}
                lines={[{ name: 'Dormant over active before', color: 'red', values: items.map(({ churn }) => churn) }]}
                onOpen={(startsOn) => setOpened({ startsOn, state: 'dormant' })}
              />
              <DefinedBy definition={definition} more="new + returning + resurrected = active. Dormant users were active in the interval before and not in this one; the pale interval is not over." />
            </>
          )
        }
      </Loaded>
      {opened && (
        <UsersBehind endpoint={endpoints.lifecycleUsers} query={{ interval, ...opened }} title={`${capital(opened.state)}, ${intervalName(interval, opened.startsOn)}`} definition={MEANING[opened.state]} onClose={() => setOpened(undefined)} />
      )}
    </Stack>
  );
}

const MEANING: Record<State, string> = {
  new: 'Their first qualifying event ever is in this interval.',
  returning: 'Active in this interval and in the one before.',
  resurrected: 'Active in this interval, not in the one before, and at some time before that.',
  dormant: 'Active in the interval before and not in this one.',
};

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const barOf = (interval: Lifecycle['interval'], item: Lifecycle['items'][number]): Bar => ({
  key: item.startsOn,
  label: intervalName(interval, item.startsOn),
  open: !item.complete,
  parts: LIFECYCLE_STATES.map((state) => ({ name: state, value: state === 'dormant' ? -item.dormant : item[state], color: LIFECYCLE_COLORS[state] })),
});

const rowsOf = (lifecycle: Lifecycle | undefined) => lifecycle?.items.map((item) => [item.startsOn, item.complete, ...LIFECYCLE_STATES.map((state) => item[state]), item.active, item.churn]) ?? [];
