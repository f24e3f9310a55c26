// How long sessions last and how often users start one (D3): the distribution, never a mean alone.
import { engagement } from '@admin-center/contracts/engagement';
import type { Sessions } from '@admin-center/contracts/engagement-answers';
import { Stack, Text } from '@grafana/ui';
import { Facts } from '../../platform/Facts.tsx';
import { formatCount, formatValue, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { BarChart } from './BarChart.tsx';
import { CsvButton } from './CsvButton.tsx';
import type { TabProps } from './EngagementTabs.tsx';

export function SessionsTab({ range }: TabProps) {
  const result = useApi(engagement.endpoints.sessions, { query: { from: range.from.slice(0, 10), to: range.to.slice(0, 10) } });
  useReload(result.reload, range.to);
  return (
    <Loaded result={result} what="sessions" compact>
      {(sessions) =>
        sessions.sessions === 0 ? (
          <Empty title="No session started in this range" compact />
        ) : (
          <Stack direction="column" gap={2}>
            <Stack direction="row" justifyContent="space-between" alignItems="flex-start" gap={2} wrap="wrap">
              <Facts label="Sessions of the range" facts={factsOf(sessions)} />
              <CsvButton title="sessions by duration" header={['from_seconds', 'to_seconds', 'sessions']} rows={() => sessions.histogram.map(({ fromSeconds, toSeconds, sessions: count }) => [fromSeconds, toSeconds, count])} />
            </Stack>
            <Text element="h3" variant="h5">
              Sessions by duration
            </Text>
            <BarChart label="Sessions by duration" bars={sessions.histogram.map((bar) => ({ key: String(bar.fromSeconds), label: durationName(bar), parts: [{ name: 'Sessions', value: bar.sessions, color: 'blue' }] }))} />
            <Text element="h3" variant="h5">
              Active-days histogram
            </Text>
            {sessions.weeks.length === 0 ? (
              <Empty title="No whole week in this range" compact />
            ) : (
              <BarChart label="Users by active days a week" bars={sessions.activeDays.map(({ days, users }) => ({ key: String(days), label: plural(days, 'day'), parts: [{ name: 'Users in a week', value: users, color: 'purple' }] }))} />
            )}
            <Text element="p" color="secondary" variant="bodySmall">
              {`A session (D3) is events of one user no more than 30 minutes apart, cut at 24 hours; its duration is last minus first event, and sessions of one event are kept. The histogram of active days counts users of ${plural(sessions.weeks.length, 'whole week')}, each week on its own; it is not stickiness.`}
            </Text>
          </Stack>
        )
      }
    </Loaded>
  );
}

const seconds = (value: number | null): string => (value === null ? 'none' : formatValue(value, 's'));

const factsOf = ({ sessions, p50Seconds, p90Seconds, singleEventShare, perUserWeek }: Sessions): ReadonlyArray<readonly [string, string]> => [
  ['Sessions', formatCount(sessions)],
  ['Median (p50)', seconds(p50Seconds)],
  ['p90', seconds(p90Seconds)],
  ['Single events', singleEventShare === null ? 'none' : formatValue(singleEventShare, 'percentunit', 1)],
  ['Sessions per active user and week', perUserWeek.p50 === null ? 'no whole week' : `p50 ${perUserWeek.p50}, p90 ${perUserWeek.p90}`],
];

function durationName({ fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number | null }): string {
  const short = (value: number) => (value < 60 ? `${value} s` : value < 3600 ? `${value / 60} min` : `${value / 3600} h`);
  if (toSeconds === null) {
    return `${short(fromSeconds)} or more`;
  }
  return fromSeconds === 0 ? 'single event' : fromSeconds === 1 ? `under ${short(toSeconds)}` : `${short(fromSeconds)}–${short(toSeconds)}`;
}
