// Reach and intensity of each feature, among those who may use it.
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import { FEATURE_WINDOWS, type Feature } from '@admin-center/contracts/engagement-answers';
import { Badge, RadioButtonGroup, Stack, Text } from '@grafana/ui';
import { CellButton } from '../../platform/CellButton.tsx';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { formatCount, formatValue } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { Empty } from '../../platform/states.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { UsersBehind } from '../../platform/UsersBehind.tsx';
import { ChangeButton } from './ChangeButton.tsx';
import { CsvButton } from './CsvButton.tsx';
import type { TabProps } from './EngagementTabs.tsx';
import { FeatureForm } from './FeatureForm.tsx';

const { endpoints } = engagement;
const WORDS = { '1d': 'Last day', '7d': '7 days', '30d': '30 days' } as const;
const DAYS = { '1d': 1, '7d': 7, '30d': 30 } as const;

export function FeaturesTab({ range }: TabProps) {
  const [window, setWindow] = useState<(typeof FEATURE_WINDOWS)[number]>('30d');
  const [opened, setOpened] = useState<Feature>();
  const [edited, setEdited] = useState<Feature | 'new'>();
  const result = useApi(endpoints.features, { query: { window } });
  useReload(result.reload, range.to);
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <RadioButtonGroup aria-label="Window" size="sm" options={FEATURE_WINDOWS.map((value) => ({ value, label: WORDS[value] }))} value={window} onChange={setWindow} />
        {result.data && <CsvButton title={`features ${WORDS[window]}`} header={['feature', 'tier', 'users', 'eligible', 'reach', 'uses', 'uses_per_user']} rows={() => rowsOf(result.data?.items ?? [])} />}
        <ChangeButton label="Describe a feature" icon="plus" onClick={() => setEdited('new')} />
      </Stack>
      <Loaded result={result} what="features" compact>
        {({ items, from, to, days }, busy) => (
          <>
            {items.length === 0 ? (
              <Empty title="No feature was used yet" compact>
                A use is a track event with the property feature, or one that a feature of the catalogue names.
              </Empty>
            ) : (
              <DataTable label="Features" columns={columns(setOpened, setEdited)} rows={items} rowKey={({ key }) => key} busy={busy} />
            )}
            <Text element="p" color="secondary" variant="bodySmall">
              {`Complete UTC days from ${from} to ${to}. Reach: users of the feature over users who were active and may use it, by tier and flag; with a flag that is rolled out in part, eligible users are estimated by its share. Intensity: uses per user. Somebody who changed tier counts in both.`}
            </Text>
            {opened && (
              <UsersBehind
                endpoint={endpoints.activeUsers}
                query={{ day: to, days: DAYS[window], split: 'feature', value: opened.key }}
                title={`Users of ${opened.title}, ${WORDS[window]}`}
                definition={`Used it on ${days === 1 ? 'the last complete UTC day' : `the last ${days} complete UTC days`}.`}
                onClose={() => setOpened(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
      {edited && <FeatureForm feature={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} onDone={() => setEdited(undefined)} />}
    </Stack>
  );
}

const ratio = (value: number | null): string => (value === null ? 'nobody may' : formatValue(value, 'percentunit', 1));

const columns = (open: (feature: Feature) => void, edit: (feature: Feature) => void): ReadonlyArray<Column<Feature>> => [
  {
    id: 'feature',
    header: 'Feature',
    cell: ({ title, key, inCatalogue }) => (
      <Stack direction="row" gap={1} alignItems="center">
        <span title={key}>{title}</span>
        {!inCatalogue && <Badge text="not described" color="orange" />}
      </Stack>
    ),
  },
  { id: 'tiers', header: 'For', cell: ({ tiers, flag, served }) => `${tiers.length === 3 ? 'every tier' : tiers.join(', ')}${flag === null ? '' : `, flag ${flag} (${formatValue(served, 'percentunit', 0)})`}`, wideOnly: true },
  {
    id: 'users',
    header: 'Users',
    align: 'right',
    cell: (feature) => (
      <CellButton align="right" aria-label={`Users of ${feature.title}`} onClick={() => open(feature)}>
        {formatCount(feature.total.users)}
      </CellButton>
    ),
  },
  { id: 'eligible', header: 'Eligible', align: 'right', cell: ({ total }) => formatCount(total.eligible) },
  { id: 'reach', header: 'Reach', align: 'right', cell: ({ total }) => ratio(total.reach) },
  ...(['free', 'premium', 'enterprise'] as const).map((tier): Column<Feature> => ({ id: tier, header: `Reach, ${tier}`, align: 'right', wideOnly: true, cell: ({ tiersUse }) => ratio(tiersUse.find((use) => use.tier === tier)?.reach ?? null) })),
  { id: 'intensity', header: 'Uses per user', align: 'right', cell: ({ total }) => (total.intensity === null ? '–' : formatValue(total.intensity, 'none', 1)) },
  { id: 'edit', header: '', align: 'right', cell: (feature) => <ChangeButton label="Describe" on={feature.title} icon="pen" onClick={() => edit(feature)} /> },
];

const rowsOf = (items: readonly Feature[]) =>
  items.flatMap(({ key, total, tiersUse }) => [{ tier: 'all', ...total }, ...tiersUse].map(({ tier, users, eligible, reach, uses, intensity }) => [key, tier, users, eligible, reach, uses, intensity]));
