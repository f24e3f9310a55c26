// Activity by calendar day: the history of DAU, WAU, MAU and stickiness, whole or split. The live gauges above count trailing
// windows; the two never share a graph (D1).
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import { ACTIVITY_SPLITS, type Activity, type Definition } from '@admin-center/contracts/engagement-answers';
import { RadioButtonGroup, Stack, Text } from '@grafana/ui';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { UsersBehind } from '../../platform/UsersBehind.tsx';
import { CsvButton } from './CsvButton.tsx';
import { DefinedBy } from './DefinedBy.tsx';
import { LineChart, type Line } from './LineChart.tsx';
import { intervalName } from './scale.ts';
import type { TabProps } from './EngagementTabs.tsx';

const { endpoints } = engagement;
const SPLITS = ACTIVITY_SPLITS.map((value) => ({ value, label: value === 'all' ? 'Whole' : `By ${value}` }));
const COLORS = ['blue', 'green', 'purple', 'orange', 'light-blue', 'red', 'yellow', 'dark-green', 'dark-purple', 'dark-orange', 'semi-dark-blue', 'dark-red'];
const MEASURES = { dau: 'Daily active users', wau: 'Users of 7 days', mau: 'Users of 30 days' } as const;
type Measure = keyof typeof MEASURES;
type Day = Activity['series'][number]['days'][number];
const EVERYTHING = {};

export function ActivityTab({ range }: TabProps) {
  const [split, setSplit] = useState<(typeof ACTIVITY_SPLITS)[number]>('all');
  const [measure, setMeasure] = useState<Measure>('dau');
  const [opened, setOpened] = useState<string>();
  const result = useApi(endpoints.activity, { query: { from: range.from.slice(0, 10), to: range.to.slice(0, 10), split } });
  useReload(result.reload, range.to);
  const { data: versions } = useApi(endpoints.definitions, EVERYTHING);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <RadioButtonGroup aria-label="Split" size="sm" options={SPLITS} value={split} onChange={setSplit} />
        {split !== 'all' && <RadioButtonGroup aria-label="Measure" size="sm" options={Object.entries(MEASURES).map(([value, label]) => ({ value: value as Measure, label }))} value={measure} onChange={setMeasure} />}
        {result.data && <CsvButton title={`activity by ${split}`} header={[split, 'day', 'complete', 'dau', 'wau', 'mau', 'stickiness']} rows={() => rowsOf(result.data)} />}
      </Stack>
      <Loaded result={result} what="activity" compact>
        {(activity) =>
          activity.series.length === 0 ? (
            <Empty title="Nobody was active in this range" compact />
          ) : (
            <>
              <Text element="h3" variant="h5">
                {split === 'all' ? 'Active users by calendar day' : `${MEASURES[measure]} by calendar day and ${split}`}
              </Text>
              <LineChart label="Active users by calendar day" {...axisOfDays(activity)} marks={marksOf(activity, versions?.items ?? [])} lines={split === 'all' ? wholeLines(activity) : splitLines(activity, measure)} onOpen={setOpened} />
              {split === 'all' && (
                <>
                  <Text element="h3" variant="h5">
                    Stickiness by calendar day
                  </Text>
                  <LineChart label="Stickiness by calendar day" unit="percentunit" {...axisOfDays(activity)} lines={[{ name: 'Stickiness (D2)', color: 'purple', values: activity.series[0]?.days.map((day) => drawn(day, 'stickiness')) ?? [] }]} />
                </>
              )}
              <DefinedBy definition={activity.definition} more="Days are UTC days; one that is not over is in the file, but not drawn. Groups of fewer than 5 users are left out of a split." />
            </>
          )
        }
      </Loaded>
      {opened && <UsersBehind endpoint={endpoints.activeUsers} query={{ day: opened, days: 1 }} title={`Active on ${intervalName('day', opened)}`} definition="Users with a qualifying event on this UTC day." onClose={() => setOpened(undefined)} />}
    </Stack>
  );
}

const axisOfDays = ({ series }: Activity) => {
  const days = series[0]?.days.map(({ day }) => day) ?? [];
  return { days, columns: days.map((day) => intervalName('day', day)) };
};

/** A line before the first day that another version of the definition held on. */
const marksOf = (activity: Activity, versions: readonly Definition[]) =>
  versions.flatMap(({ version, since }) => {
    const column = since === null ? -1 : axisOfDays(activity).days.indexOf(since.slice(0, 10));
    return column < 0 ? [] : [{ column, text: `Definition, version ${version}` }];
  });

/** A day that has just begun would look like a fall to nothing. */
const drawn = (day: Day, measure: Measure | 'stickiness'): number | null => (day.complete ? day[measure] : null);

const wholeLines = ({ series }: Activity): Line[] => {
  const days = series[0]?.days ?? [];
  return [
    { name: 'Day (DAU)', color: 'light-blue', values: days.map((day) => drawn(day, 'dau')) },
    { name: '7 days (WAU)', color: 'blue', values: days.map((day) => drawn(day, 'wau')) },
    { name: '30 days (MAU)', color: 'dark-purple', values: days.map((day) => drawn(day, 'mau')) },
  ];
};

const splitLines = ({ series }: Activity, measure: Measure): Line[] => series.map(({ value, days }, index) => ({ name: value, color: COLORS[index % COLORS.length] ?? 'blue', values: days.map((day) => drawn(day, measure)) }));

const rowsOf = (activity: Activity | undefined) => activity?.series.flatMap(({ value, days }) => days.map(({ day, complete, dau, wau, mau, stickiness }) => [value, day, complete, dau, wau, mau, stickiness])) ?? [];
