// Who starts to pay, in both forms side by side: by period, and by sign-up cohort, of which only matured ones have a rate.
import { css } from '@emotion/css';
import { useState } from 'react';
import { conversion, type CONVERSION_SPLITS, type FROM_TIERS, type ConversionRates } from '@admin-center/contracts/conversion';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Combobox, PanelChrome, Stack, Text, useStyles2 } from '@grafana/ui';
import { csvName, toCsv } from '../../platform/csv.ts';
import { DataTable } from '../../platform/DataTable.tsx';
import { download } from '../../platform/download.ts';
import { formatCount } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import type { TabProps } from './ConversionTabs.tsx';
import { percentText } from './durations.ts';

type Split = (typeof CONVERSION_SPLITS)[number];
const SPLITS = [
  { value: 'none', label: 'Everybody' },
  { value: 'tier', label: 'by tier they pay for' },
  { value: 'country', label: 'by country' },
  { value: 'source', label: 'by acquisition source' },
  { value: 'feature', label: 'by first feature used' },
] as const satisfies ReadonlyArray<{ value: Split; label: string }>;
const FROM = [
  { value: 'free', label: 'Free to paid' },
  { value: 'premium', label: 'Premium to Enterprise' },
] as const satisfies ReadonlyArray<{ value: (typeof FROM_TIERS)[number]; label: string }>;
const MATURE = [14, 30, 60, 90].map((value) => ({ value, label: `within ${value} days` }));

type Rate = ConversionRates['period']['total'];
type Cohort = ConversionRates['cohort']['cohorts'][number];

export function RatesTab({ range }: TabProps) {
  const styles = useStyles2(getStyles);
  const [fromTier, setFromTier] = useState<(typeof FROM_TIERS)[number]>('free');
  const [split, setSplit] = useState<Split>('none');
  const [matureDays, setMatureDays] = useState(30);
  const result = useApi(conversion.endpoints.rates, { query: { from: range.from.slice(0, 10), to: range.to.slice(0, 10), fromTier, split, matureDays } });
  useReload(result.reload, range.to);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap">
        <Combobox aria-label="Conversion" width={24} options={[...FROM]} value={fromTier} onChange={({ value }) => setFromTier(value)} />
        <Combobox aria-label="Split" width={26} options={[...SPLITS]} value={split} onChange={({ value }) => setSplit(value)} />
        <Combobox aria-label="Time to convert" width={20} options={MATURE} value={matureDays} onChange={({ value }) => setMatureDays(value)} />
        {result.data && (
          <Button variant="secondary" icon="download-alt" onClick={() => result.data && download(csvName('conversion rates'), csvOf(result.data), 'text/csv')}>
            CSV
          </Button>
        )}
      </Stack>
      <Loaded result={result} what="the rates">
        {(rates) => (
          <div className={styles.sides}>
            <PanelChrome title="By period" description="Users whose first paid period started in these days, over the users who paid for nothing (or for the tier before) at their beginning. Trials have not paid.">
              <Side rate={rates.period.total} of={fromTier === 'free' ? 'users were free at the beginning' : 'users paid for Premium at the beginning'} converted="started to pay" groups={rates.period.groups} label="By period" />
            </PanelChrome>
            <PanelChrome title="By sign-up cohort" description="Of the users who signed up (or started with the tier before) in these days and have had their time, those who paid within it. Others are left out until they have.">
              <Side rate={rates.cohort.total} of={fromTier === 'free' ? 'sign-ups have matured' : 'first Premium periods have matured'} converted={`paid within ${rates.matureDays} days`} groups={rates.cohort.groups} label="By sign-up cohort" />
              <Cohorts cohorts={rates.cohort.cohorts} />
            </PanelChrome>
          </div>
        )}
      </Loaded>
    </Stack>
  );
}

function Side({ rate, of, converted, groups, label }: { rate: Rate; of: string; converted: string; groups: readonly Rate[]; label: string }) {
  return (
    <Stack direction="column" gap={1}>
      <Text variant="h2" element="p">
        {percentText(rate.ratio)}
      </Text>
      <Text color="secondary">{`${formatCount(rate.users)} ${of}, ${formatCount(rate.converted)} ${converted}.`}</Text>
      {groups.length > 0 && (
        <DataTable
          label={`${label}, split`}
          rows={groups}
          rowKey={({ value }) => value ?? ''}
          busy={false}
          columns={[
            { id: 'value', header: 'Group', cell: ({ value }) => value },
            { id: 'users', header: 'Users', align: 'right', cell: ({ users }) => formatCount(users) },
            { id: 'converted', header: 'Converted', align: 'right', cell: (row) => formatCount(row.converted) },
            { id: 'ratio', header: 'Rate', align: 'right', cell: ({ ratio }) => percentText(ratio) },
          ]}
        />
      )}
    </Stack>
  );
}

function Cohorts({ cohorts }: { cohorts: readonly Cohort[] }) {
  if (cohorts.length === 0) {
    return <Empty title="Nobody signed up in this time" compact />;
  }
  return (
    <DataTable
      label="Cohorts by month"
      rows={cohorts}
      rowKey={({ month }) => month}
      busy={false}
      columns={[
        { id: 'month', header: 'Month', cell: ({ month }) => month.slice(0, 7) },
        { id: 'users', header: 'Sign-ups', align: 'right', cell: ({ users }) => formatCount(users) },
        { id: 'converted', header: 'Paid in time', align: 'right', cell: ({ converted }) => formatCount(converted) },
        { id: 'ratio', header: 'Rate', align: 'right', cell: ({ ratio, matured }) => (matured ? percentText(ratio) : 'not matured') },
      ]}
    />
  );
}

const csvOf = ({ period, cohort }: ConversionRates): string =>
  toCsv(
    ['form', 'group', 'users', 'converted', 'rate'],
    [
      ...[period.total, ...period.groups].map(({ value, users, converted, ratio }) => ['period', value ?? 'all', users, converted, ratio]),
      ...[cohort.total, ...cohort.groups].map(({ value, users, converted, ratio }) => ['cohort', value ?? 'all', users, converted, ratio]),
      ...cohort.cohorts.map(({ month, users, converted, ratio }) => ['cohort by month', month, users, converted, ratio]),
    ]
  );

const getStyles = (theme: GrafanaTheme2) => ({ sides: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(420px, 100%), 1fr))', gap: theme.spacing(1), alignItems: 'start' }) });
