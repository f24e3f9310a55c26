// One campaign: its window, budget and return, who redeemed it, and its graphs.
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { promotions, type Campaign } from '@admin-center/contracts/promotions';
import { Badge, Button, LinkButton, PanelChrome, Stack } from '@grafana/ui';
import { EmbeddedScene, SceneAppPage, SceneFlexLayout, type SceneAppDrilldownView, type SceneAppPageLike } from '@grafana/scenes';
import { CellLink } from '../../platform/CellButton.tsx';
import { Facts } from '../../platform/Facts.tsx';
import { formatValue, plural } from '../../platform/format.ts';
import { Loaded } from '../../platform/Loaded.tsx';
import { roleNames, rolesWith, useMe } from '../../platform/me.tsx';
import { guardedPage } from '../../platform/scene/guarded.tsx';
import { componentRow, graphPage, panelRow, type PageContext } from '../../platform/scene/page.ts';
import { Empty } from '../../platform/states.tsx';
import { formatInstant } from '../../platform/time.tsx';
import { useApi } from '../../platform/use-api.ts';
import { useReload } from '../../platform/use-reload.ts';
import { pageUrl, ROUTES } from '../../routes.ts';
import { StateBadge } from './badges.tsx';
import { Budget } from './Budget.tsx';
import { CampaignActions } from './CampaignActions.tsx';
import { EditCampaign } from './CampaignForm.tsx';
import { campaignAttempts, campaignDiscount } from './panels.ts';
import { Redemptions } from './Redemptions.tsx';
import { ReturnCard } from './ReturnCard.tsx';
import { campaignUrl, codesUrl } from './urls.ts';

const PERMISSION = 'promotions:write';

interface Props {
  readonly campaignId: string;
  readonly onLoaded?: (campaign: Campaign) => void;
  /** What stands between the return and the redemptions. */
  readonly children?: (campaign: Campaign) => ReactNode;
}

export function CampaignView({ campaignId, onLoaded, children }: Props) {
  const result = useApi(promotions.endpoints.getCampaign, { params: { campaignId } });
  const campaign = result.data;
  useReload(result.reload);
  useEffect(() => {
    if (campaign) {
      onLoaded?.(campaign);
    }
  }, [campaign, onLoaded]);
  if (result.status === 'failed' && (result.error.kind === 'missing' || result.error.kind === 'invalid')) {
    return <Empty title="There is no such campaign" actions={<LinkButton href={pageUrl('promotions')}>All campaigns</LinkButton>} />;
  }
  return (
    <Loaded result={result} what="the campaign">
      {(shown) => (
        <Stack direction="column" gap={1}>
          <CampaignFacts campaign={shown} onChanged={result.reload} />
          <PanelChrome title="Return">
            <ReturnCard campaignId={shown.id} />
          </PanelChrome>
          {children?.(shown)}
          <PanelChrome title="Redemptions">
            <Redemptions campaignId={shown.id} />
          </PanelChrome>
        </Stack>
      )}
    </Loaded>
  );
}

function CampaignFacts({ campaign, onChanged }: { campaign: Campaign; onChanged: () => void }) {
  const { can } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const allowed = can(PERMISSION);
  const actions = [
    <Button key="change" size="sm" variant="secondary" icon="pen" disabled={!allowed || campaign.state === 'archived'} tooltip={allowed ? undefined : `Needs the role ${roleNames(rolesWith(PERMISSION))}`} onClick={() => setIsOpen(true)}>
      Change
    </Button>,
    <CampaignActions key="actions" campaign={campaign} onChanged={onChanged} />,
  ];
  return (
    <PanelChrome title="Campaign" actions={actions}>
      <Facts label="The campaign" facts={factsOf(campaign)} />
      {isOpen && <EditCampaign campaign={campaign} onClose={() => setIsOpen(false)} onDone={() => (setIsOpen(false), onChanged())} />}
    </PanelChrome>
  );
}

const hours = ({ openings, zone }: Campaign): string => (openings.length === 0 ? 'around the clock' : `${openings.map(({ days, from, to }) => `${days.join(', ')} ${from}–${to}`).join('; ')} (${zone})`);

const factsOf = (campaign: Campaign): ReadonlyArray<readonly [string, ReactNode]> => [
  [
    'State',
    <Stack key="state" direction="row" gap={1}>
      <StateBadge state={campaign.state} />
      {campaign.state === 'running' && !campaign.open && <Badge text="closed now" color="blue" />}
    </Stack>,
  ],
  ['Key', <code key="key">{campaign.key}</code>],
  ['Window', `${formatInstant(campaign.startsAt)} to ${campaign.endsAt ? formatInstant(campaign.endsAt) : 'whenever it is ended'}`],
  ['Hours', hours(campaign)],
  ['Budget', <Budget key="budget" campaign={campaign} />],
  ['Left out to compare', formatValue(campaign.holdoutShare, 'percentunit', 0)],
  [
    'Codes',
    <CellLink key="codes" href={codesUrl({ campaign: campaign.id })}>
      {plural(campaign.codes, 'code')}
    </CellLink>,
  ],
];

/** Its graphs, with admin actions as marks; they need the key, which is known once the campaign is. */
function CampaignGraphs({ campaign: { key }, context }: { campaign: Campaign; context: PageContext }) {
  const scene = useMemo(() => graphPage({ from: 'now-30d', rows: [panelRow([campaignDiscount(key), campaignAttempts(key)], context, 280)] }), [key, context]);
  return <scene.Component model={scene} />;
}

export function campaignDrilldown(context: PageContext): SceneAppDrilldownView {
  return { routePath: ':campaignId', getPage: (match, parent) => campaignPage(String(match.params.campaignId), parent, context) };
}

/** Its title becomes the campaign's name once that is known. */
function campaignPage(campaignId: string, parent: SceneAppPageLike, context: PageContext): SceneAppPage {
  const rename = ({ name }: Campaign) => {
    if (page.state.title !== name) {
      page.setState({ title: name });
    }
  };
  const View = () => (
    <CampaignView campaignId={campaignId} onLoaded={rename}>
      {(campaign) => <CampaignGraphs campaign={campaign} context={context} />}
    </CampaignView>
  );
  const scene = () => new EmbeddedScene({ body: new SceneFlexLayout({ direction: 'column', children: [componentRow(View)] }) });
  const page: SceneAppPage = new SceneAppPage({
    title: 'Campaign',
    url: campaignUrl(campaignId),
    routePath: ':campaignId',
    getParentPage: () => parent,
    getScene: () => guardedPage(ROUTES.promotions.permission, 'Looking at a campaign', scene()),
  });
  return page;
}
