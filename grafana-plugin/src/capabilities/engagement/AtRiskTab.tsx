// Users who were active in many weeks and went quiet, the latest first: whom to win back.
import { useState } from 'react';
import { engagement } from '@admin-center/contracts/engagement';
import type { AtRiskRow } from '@admin-center/contracts/engagement-answers';
import { TIERS } from '@admin-center/contracts/capability';
import { Button, Combobox, InlineField, Stack, Text, TextLink } from '@grafana/ui';
import { toApiError } from '../../platform/api-error.ts';
import { call } from '../../platform/api.ts';
import { Choice } from '../../platform/Choice.tsx';
import { csvName, toCsv } from '../../platform/csv.ts';
import { DataTable, type Column } from '../../platform/DataTable.tsx';
import { download } from '../../platform/download.ts';
import { span } from '../../platform/format.ts';
import { Gate } from '../../platform/Gate.tsx';
import { Loaded } from '../../platform/Loaded.tsx';
import { Pager, usePaging } from '../../platform/Pager.tsx';
import { Empty } from '../../platform/states.tsx';
import { Ago } from '../../platform/time.tsx';
import { toastError } from '../../platform/toast.ts';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { userUrl } from '../../routes.ts';
import type { TabProps } from './EngagementTabs.tsx';

const { atRisk } = engagement.endpoints;
const PAGE_SIZE = 25;
const MOST_EXPORTED = 5000;
const WEEKS = [2, 3, 4, 6, 8, 12].map((value) => ({ value, label: `${value} weeks` }));
const QUIET = [7, 14, 30, 60, 90].map((value) => ({ value, label: `${value} days` }));
const TIER_OPTIONS = TIERS.map((value) => ({ value, label: value }));

export const AtRiskTab = ({ range }: TabProps) => (
  <Gate permission="users:read" what="The list of users at risk">
    <AtRisk tick={range.to} />
  </Gate>
);

function AtRisk({ tick }: { tick: unknown }) {
  const [weeks, setWeeks] = useState(3);
  const [quietDays, setQuietDays] = useState(14);
  const [tier, setTier] = useState<(typeof TIERS)[number] | ''>('');
  const query = { weeks, quietDays, tier: tier || undefined };
  const paging = usePaging(query);
  const result = useApi(atRisk, { query: { ...query, limit: PAGE_SIZE, cursor: paging.cursor } });
  useReload(result.reload, tick);
  const save = async () => {
    try {
      download(csvName(`at risk quiet ${quietDays} days`), toCsv(['id', 'email', 'tier', 'last_active_at', 'active_weeks'], (await everybody(query)).map(({ id, email, tier: of, lastActiveAt, activeWeeks }) => [id, email, of, lastActiveAt, activeWeeks])), 'text/csv');
    } catch (error) {
      toastError('Could not export the list', toApiError(error).message);
    }
  };
  return (
    <Stack direction="column" gap={2}>
      <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
        <InlineField label="Active in at least" labelWidth="auto" transparent style={{ margin: 0 }}>
          <Combobox<number> aria-label="Active in at least" width={14} options={WEEKS} value={weeks} onChange={({ value }) => setWeeks(value)} />
        </InlineField>
        <InlineField label="Quiet for at least" labelWidth="auto" transparent style={{ margin: 0 }}>
          <Combobox<number> aria-label="Quiet for at least" width={14} options={QUIET} value={quietDays} onChange={({ value }) => setQuietDays(value)} />
        </InlineField>
        <Choice label="Any tier" value={tier} options={TIER_OPTIONS} onChange={setTier} />
        <Button variant="secondary" size="sm" icon="download-alt" onClick={() => void save()}>
          CSV
        </Button>
      </Stack>
      <Loaded result={result} what="users at risk" compact>
        {({ items, nextCursor }, busy) =>
          items.length === 0 && paging.index === 0 ? (
            <Empty title="Nobody is at risk by this measure" compact />
          ) : (
            <>
              <DataTable label="Users at risk" columns={COLUMNS} rows={items} rowKey={({ id }) => id} busy={busy} />
              <Pager paging={paging} nextCursor={nextCursor} busy={busy} summary={`Users ${span(paging.index * PAGE_SIZE + 1, items.length)}, who went quiet last comes first`} />
            </>
          )
        }
      </Loaded>
      <Text element="p" color="secondary" variant="bodySmall">
        Active in that many of the 12 weeks up to their last active day, and without a qualifying event since. Who went quiet more than 90 days before that has left and is not listed.
      </Text>
    </Stack>
  );
}

const COLUMNS: ReadonlyArray<Column<AtRiskRow>> = [
  {
    id: 'user',
    header: 'User',
    wrap: true,
    cell: ({ id, email }) =>
      email === null ? (
        'no longer known'
      ) : (
        <TextLink href={userUrl(id)} inline={false} color="link">
          {email}
        </TextLink>
      ),
  },
  { id: 'tier', header: 'Tier', cell: ({ tier }) => tier },
  { id: 'last', header: 'Last active', cell: ({ lastActiveAt }) => <Ago at={lastActiveAt} /> },
  { id: 'weeks', header: 'Active weeks of 12', align: 'right', cell: ({ activeWeeks }) => activeWeeks },
];

async function everybody(query: { weeks: number; quietDays: number; tier: (typeof TIERS)[number] | undefined }): Promise<AtRiskRow[]> {
  const rows: AtRiskRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(atRisk, { query: { ...query, limit: 100, cursor } });
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < MOST_EXPORTED);
  return rows;
}
