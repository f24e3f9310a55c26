// Endpoints of campaigns.
import { randomUUID } from 'node:crypto';
import type { ResponseOf } from '@admin-center/contracts/capability';
import { promotions } from '@admin-center/contracts/promotions';
import { requireApproval } from '../../platform/approvals.ts';
import type { Work } from '../../platform/audited.ts';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import type { RequestContext } from '../../platform/context.ts';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readSlo } from '../../platform/slo.ts';
import { changeCampaign, makeCampaign, moveCampaign } from './campaign-rules.ts';
import { type CampaignRow, listCampaigns, lockCampaign, readCampaign, toCampaign } from './campaigns.ts';
import { given } from './coupon-routes.ts';
import { readHistory } from './history.ts';
import { needsApproval, previewCampaign } from './preview.ts';
import { atOneInstant } from './snapshot.ts';
import { requireSameVersion } from './versions.ts';

const { endpoints } = promotions;
type Done = ResponseOf<typeof endpoints.activateCampaign>;
type Change = 'activate' | 'kill' | 'archive';

const STATUS = { activate: 'active', kill: 'killed', archive: 'archived' } as const;
const DONE = { activate: 'is on', kill: 'is stopped; its codes do not work any more', archive: 'is archived' } as const;
const WILL = { activate: 'Start', kill: 'Stop', archive: 'Archive' } as const;

interface Decision {
  readonly reason: string;
  readonly version: number;
  readonly previewToken: string;
}

export function campaignRoutes({ database, recorder, clock, config }: Services): Route[] {
  const show = (row: CampaignRow) => toCampaign(row, clock());
  const target = (id: string) => ({ type: 'campaign', id }) as const;

  const decide = (change: Change, campaignId: string, { reason, version, previewToken }: Decision, context: RequestContext): Work<CampaignRow, void, Done> => ({
    reason,
    read: (tx) => lockCampaign(tx, campaignId, clock()),
    async run(tx, before) {
      requireSameVersion(version, before.version, show(before));
      const preview = await previewCampaign(tx, change, before, null);
      requireSamePreview(preview, previewToken);
      await moveCampaign(tx, before, STATUS[change], clock());
      if (needsApproval(change, before)) {
        await requireApproval(tx, context, {
          action: `promotions.campaign_${change}`, target: target(campaignId), fingerprint: preview.token, radius: preview,
          summary: `${WILL[change]} the campaign ${before.name}, which runs on a budget.`,
        });
      }
    },
    keep: ({ before, after }) => ({ before: show(before), after: show(after) }),
    respond: ({ after }, auditSequence) => ({ campaign: show(after), auditSequence, message: `${after.name} ${DONE[change]}.` }),
  });
  const preview = async (change: Change, campaignId: string) => {
    const slo = await readSlo(config);
    return atOneInstant(database, async (tx) => previewCampaign(tx, change, await readCampaign(tx, campaignId, clock()), slo));
  };

  return [
    route(endpoints.listCampaigns, ({ query }) => listCampaigns(database, query, clock())),
    route(endpoints.getCampaign, ({ params: { campaignId } }, { actor }) =>
      atOneInstant(database, async (tx) => ({ ...show(await readCampaign(tx, campaignId, clock())), history: await readHistory(tx, actor, 'campaign', campaignId) })),
    ),
    route(endpoints.createCampaign, ({ body: { reason, key, ...fields } }, context) => {
      const campaignId = randomUUID();
      return recorder.audited(context, 'promotions.campaign_create', target(campaignId), {
        reason,
        read: async () => null,
        async run(tx) {
          await makeCampaign(tx, campaignId, key, fields, clock());
          return show(await readCampaign(tx, campaignId, clock()));
        },
        keep: ({ result }) => ({ before: null, after: result }),
        respond: ({ result }, auditSequence) => ({ campaign: result, auditSequence, message: `${fields.name} is a draft; activate it to let it run.` }),
      });
    }),
    route(endpoints.updateCampaign, ({ params: { campaignId }, body: { reason, version, ...fields } }, context) =>
      recorder.audited(context, 'promotions.campaign_update', target(campaignId), {
        reason,
        read: (tx) => lockCampaign(tx, campaignId, clock()),
        async run(tx, before) {
          requireSameVersion(version, before.version, show(before));
          await changeCampaign(tx, before, given(fields), clock());
        },
        keep: ({ before, after }) => ({ before: show(before), after: show(after) }),
        respond: ({ after }, auditSequence) => ({ campaign: show(after), auditSequence, message: `${after.name} was changed.` }),
      }),
    ),
    route(endpoints.activateCampaignPreview, ({ params }) => preview('activate', params.campaignId)),
    route(endpoints.activateCampaign, ({ params: { campaignId }, body }, context) =>
      recorder.audited(context, 'promotions.campaign_activate', target(campaignId), decide('activate', campaignId, body, context)),
    ),
    route(endpoints.killCampaignPreview, ({ params }) => preview('kill', params.campaignId)),
    route(endpoints.killCampaign, ({ params: { campaignId }, body }, context) =>
      recorder.audited(context, 'promotions.campaign_kill', target(campaignId), decide('kill', campaignId, body, context)),
    ),
    route(endpoints.archiveCampaignPreview, ({ params }) => preview('archive', params.campaignId)),
    route(endpoints.archiveCampaign, ({ params: { campaignId }, body }, context) =>
      recorder.audited(context, 'promotions.campaign_archive', target(campaignId), decide('archive', campaignId, body, context)),
    ),
  ];
}
