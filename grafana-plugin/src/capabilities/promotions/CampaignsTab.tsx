// Campaigns: whether they run, what they cost, what is left; make, activate, kill, archive.
import { CAMPAIGN_STATES, promotions, type Campaign } from '@admin-center/contracts/promotions';
import { Badge, Stack, TextLink } from '@grafana/ui';
import { Choice } from '../../platform/Choice.tsx';
import { CellLink } from '../../platform/CellButton.tsx';
import type { Column } from '../../platform/DataTable.tsx';
import { formatCount } from '../../platform/format.ts';
import { SearchInput } from '../../platform/SearchInput.tsx';
import { Ago } from '../../platform/time.tsx';
import { StateBadge } from './badges.tsx';
import { Budget } from './Budget.tsx';
import { CampaignActions } from './CampaignActions.tsx';
import { NewCampaign } from './CampaignForm.tsx';
import { NewButton } from './NewButton.tsx';
import { PagedList } from './PagedList.tsx';
import type { TabProps } from './PromotionsTabs.tsx';
import { campaignUrl, codesUrl } from './urls.ts';

const STATES = CAMPAIGN_STATES.map((value) => ({ value, label: value }));

export function CampaignsTab({ view, onView, tick }: TabProps) {
  return (
    <PagedList
      endpoint={promotions.endpoints.listCampaigns}
      query={{ q: view.q || undefined, state: view.campaignState || undefined }}
      label="Campaigns"
      columns={campaignColumns}
      rowKey={({ id }) => id}
      empty={view.q || view.campaignState ? 'No campaign fits' : 'No campaigns yet'}
      tick={tick}
      toolbar={(reload) => (
        <>
          <SearchInput label="Search campaigns" placeholder="Part of the name or key" width={28} value={view.q} onChange={(q) => onView({ q })} />
          <Choice label="State" value={view.campaignState} options={STATES} onChange={(state) => onView({ state })} />
          <NewButton label="New campaign" form={(close) => <NewCampaign onClose={close} onDone={() => (close(), reload())} />} />
        </>
      )}
    />
  );
}

/** The panel for dashboards shows the same. */
export const campaignColumns = (reload: () => void): ReadonlyArray<Column<Campaign>> => [
  {
    id: 'name',
    header: 'Campaign',
    cell: ({ id, name }) => (
      <TextLink href={campaignUrl(id)} inline={false} color="link">
        {name}
      </TextLink>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state, open }) => (
      <Stack direction="row" gap={0.5}>
        <StateBadge state={state} />
        {state === 'running' && !open && <Badge text="closed now" color="blue" tooltip="Outside of its hours." />}
      </Stack>
    ),
  },
  { id: 'endsAt', header: 'Ends', cell: ({ endsAt }) => <Ago at={endsAt} never="by hand" />, wideOnly: true },
  { id: 'redemptions', header: 'Redemptions', align: 'right', cell: ({ redemptions }) => formatCount(redemptions) },
  {
    id: 'codes',
    header: 'Codes',
    align: 'right',
    cell: ({ id, name, codes }) => (
      <CellLink align="right" href={codesUrl({ campaign: id })} aria-label={`Codes of ${name}`}>
        {formatCount(codes)}
      </CellLink>
    ),
    wideOnly: true,
  },
  { id: 'budget', header: 'Budget', cell: (campaign) => <Budget campaign={campaign} /> },
  { id: 'actions', header: 'Action', align: 'right', cell: (campaign) => <CampaignActions campaign={campaign} onChanged={reload} /> },
];
