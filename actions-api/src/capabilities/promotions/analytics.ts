// What a campaign brought and cost: redemptions by day, and its return by currency (D20, computed in views/promotions.sql).
import type { CampaignAnalytics } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { currencyCode } from '../../platform/currency.ts';
import type { Queryable } from '../../platform/database.ts';
import { readCampaign } from './campaigns.ts';

interface ReturnRow {
  readonly currency: string;
  readonly treated_users: number;
  readonly holdout_users: number;
  readonly treated_paid_before: number;
  readonly treated_payers: number;
  readonly holdout_payers: number;
  readonly treated_minor: number;
  readonly holdout_minor: number;
  readonly discount_minor: number;
  readonly reward_minor: number;
  readonly margin_minor: number | null;
  readonly roi: number | null;
}

/** @throws AppError 404 */
export async function readAnalytics(database: Queryable, campaignId: string, at: Date): Promise<CampaignAnalytics> {
  const campaign = await readCampaign(database, campaignId, at);
  const days = await sql<{ day: string; redemptions: number }>`
    SELECT to_char(at AT TIME ZONE ${campaign.zone}, 'YYYY-MM-DD') AS day, count(*) AS redemptions
    FROM admin_center.redemption WHERE campaign_id = ${campaignId} GROUP BY 1 ORDER BY 1
  `.execute(database);
  const returns = await sql<ReturnRow>`SELECT * FROM admin_center.campaign_returns(ARRAY[${campaignId}::uuid]) ORDER BY currency`.execute(database);
  return {
    basis: campaign.holdout_share > 0 ? 'incremental' : 'attributed',
    redemptions: campaign.redemptions,
    byDay: days.rows,
    returns: returns.rows.map((row) => ({
      currency: currencyCode(row.currency),
      treated: { users: row.treated_users, payers: row.treated_payers, revenueMinor: row.treated_minor },
      holdout: { users: row.holdout_users, payers: row.holdout_payers, revenueMinor: row.holdout_minor },
      discountMinor: row.discount_minor,
      rewardMinor: row.reward_minor,
      marginMinor: row.margin_minor,
      roi: row.roi,
      cannibalisedShare: row.treated_users === 0 ? null : row.treated_paid_before / row.treated_users,
    })),
  };
}
