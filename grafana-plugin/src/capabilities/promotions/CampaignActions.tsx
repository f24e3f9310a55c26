// Starts, stops and puts away a campaign; each with what it touches and what it can still cost.
import { promotions, type Campaign } from '@admin-center/contracts/promotions';
import { Stack } from '@grafana/ui';
import { ActionButton } from '../../platform/ActionButton.tsx';
import { call } from '../../platform/api.ts';
import { promotionFacts } from './facts.ts';

const PERMISSION = 'promotions:write';
const { activateCampaign, activateCampaignPreview, killCampaign, killCampaignPreview, archiveCampaign, archiveCampaignPreview } = promotions.endpoints;
/** Its codes work now, or will. */
const LIVE: ReadonlyArray<Campaign['state']> = ['scheduled', 'running', 'exhausted'];

interface Props {
  readonly campaign: Pick<Campaign, 'id' | 'name' | 'state' | 'version'>;
  readonly onChanged: () => void;
}

export function CampaignActions({ campaign, onChanged }: Props) {
  const params = { campaignId: campaign.id };
  const common = { on: campaign.name, permission: PERMISSION, facts: promotionFacts, onDone: onChanged };
  return (
    <Stack direction="row" gap={1} justifyContent="flex-end">
      {campaign.state === 'draft' && (
        <ActionButton
          {...common}
          label="Activate"
          icon="play"
          audit={activateCampaign.audit}
          title={`Activate ${campaign.name}`}
          explanation="It runs from its start on. The share of users it leaves out to measure its effect is fixed from now on."
          confirmLabel="Activate the campaign"
          preview={(signal) => call(activateCampaignPreview, { params }, { signal })}
          execute={({ reason, previewToken = '' }, idempotencyKey) => call(activateCampaign, { params, body: { reason, previewToken, version: campaign.version } }, { idempotencyKey })}
        />
      )}
      {LIVE.includes(campaign.state) && (
        <ActionButton
          {...common}
          label="Kill"
          icon="times-circle"
          audit={killCampaign.audit}
          title={`Kill ${campaign.name}`}
          explanation="Its codes stop working at once. Discounts that were given stay."
          confirmLabel="Kill the campaign"
          destructive
          preview={(signal) => call(killCampaignPreview, { params }, { signal })}
          execute={({ reason, previewToken = '' }, idempotencyKey) => call(killCampaign, { params, body: { reason, previewToken, version: campaign.version } }, { idempotencyKey })}
        />
      )}
      {campaign.state !== 'archived' && (
        <ActionButton
          {...common}
          label="Archive"
          icon="trash-alt"
          audit={archiveCampaign.audit}
          title={`Archive ${campaign.name}`}
          explanation="It leaves the lists and cannot run again. Its numbers stay."
          confirmLabel="Archive the campaign"
          destructive
          preview={(signal) => call(archiveCampaignPreview, { params }, { signal })}
          execute={({ reason, previewToken = '' }, idempotencyKey) => call(archiveCampaign, { params, body: { reason, previewToken, version: campaign.version } }, { idempotencyKey })}
        />
      )}
    </Stack>
  );
}
