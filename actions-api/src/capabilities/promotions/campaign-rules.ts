// When a campaign may be made, changed, activated, killed and archived.
import type { Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';
import { type CampaignFields, type CampaignRow, insertCampaign, setCampaignStatus, toCampaign, updateCampaignRow } from './campaigns.ts';
import { isZone } from './openings.ts';

/** @throws AppError 409 for a key there is already, 422 for what no campaign can be */
export async function makeCampaign(tx: Tx, campaignId: string, key: string, fields: CampaignFields, at: Date): Promise<void> {
  requireSense(fields);
  if (!(await insertCampaign(tx, campaignId, key, fields, at))) {
    throw conflict('campaign_key_taken', `There is a campaign ${key} already. Its numbers in Prometheus go by that name, so it is not used again.`);
  }
}

/** @throws AppError 409 for what is fixed, or would contradict what was spent */
export async function changeCampaign(tx: Tx, before: CampaignRow, given: Partial<CampaignFields>, at: Date): Promise<void> {
  if (before.status === 'killed' || before.status === 'archived') {
    throw conflict('campaign_ended', `This campaign was ${before.status}, and does not change any more.`);
  }
  const { budgets, ...known } = toCampaign(before, at);
  const fields: CampaignFields = { ...known, budgets, ...given };
  requireSense(fields);
  if (before.status !== 'draft' && fields.holdoutShare !== before.holdout_share) {
    throw conflict('campaign_frozen', 'The hold-out share is fixed once a campaign was activated: users would change sides.');
  }
  for (const { currency, spentMinor } of budgets.filter((budget) => budget.spentMinor > 0)) {
    const limit = fields.budgets.find((budget) => budget.currency === currency)?.limitMinor ?? (fields.budgets.length === 0 ? Number.POSITIVE_INFINITY : 0);
    if (limit < spentMinor) {
      throw conflict('budget_too_low', `Of the budget in ${currency}, ${spentMinor} minor units are spent already.`);
    }
    if (limit === Number.POSITIVE_INFINITY) {
      throw conflict('budget_in_use', `The budget in ${currency} is in use, so it stays; raise it instead.`);
    }
  }
  await updateCampaignRow(tx, before.campaign_id, fields, at);
}

const FROM: Readonly<Record<'active' | 'killed' | 'archived', readonly CampaignRow['status'][]>> = { active: ['draft'], killed: ['active'], archived: ['draft', 'active', 'killed'] };
const WORDS = { active: 'activated', killed: 'killed', archived: 'archived' } as const;

/** @throws AppError 409 for a step there is none of from where it stands */
export async function moveCampaign(tx: Tx, before: CampaignRow, status: 'active' | 'killed' | 'archived', at: Date): Promise<void> {
  if (!FROM[status].includes(before.status)) {
    throw conflict('state_conflict', `This campaign is ${before.state}, so it cannot be ${WORDS[status]}.`);
  }
  if (status === 'active' && before.ends_at !== null && before.ends_at <= at) {
    throw conflict('campaign_over', 'The end of this campaign has passed. Set another one first.');
  }
  await setCampaignStatus(tx, before.campaign_id, status, at);
}

/** @throws AppError 422 */
function requireSense({ zone, startsAt, endsAt, budgets, marginShare }: CampaignFields): void {
  const errors = [
    ...(isZone(zone) ? [] : [{ path: 'body.zone', message: 'There is no such time zone.' }]),
    ...(endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt) ? [{ path: 'body.endsAt', message: 'The end must be after the start.' }] : []),
    ...(new Set(budgets.map(({ currency }) => currency)).size < budgets.length ? [{ path: 'body.budgets', message: 'Give one budget for each currency.' }] : []),
    ...(marginShare === 0 ? [{ path: 'body.marginShare', message: 'Without margin no campaign can pay.' }] : []),
  ];
  const [first] = errors;
  if (first !== undefined) {
    throw new AppError('body_invalid', 422, first.message, { errors });
  }
}
