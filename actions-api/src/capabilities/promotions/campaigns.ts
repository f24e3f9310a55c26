// Campaigns as they are stored: reading, listing, making and changing them and their budgets.
import type { Campaign, CAMPAIGN_STATES } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import { isOpen, type Opening } from './openings.ts';

const campaignCursor = cursorOf('promotions:campaigns', z.strictObject({ at: instantText, id: z.guid() }));

export type CampaignFields = Pick<Campaign, 'name' | 'startsAt' | 'endsAt' | 'zone' | 'openings' | 'reportingCurrency' | 'marginShare' | 'holdoutShare'> & {
  readonly budgets: readonly { readonly currency: string; readonly limitMinor: number }[];
};

export interface CampaignRow {
  readonly campaign_id: string;
  readonly key: string;
  readonly name: string;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  readonly zone: string;
  readonly openings: Opening[];
  readonly reporting_currency: string;
  readonly margin_share: number;
  readonly holdout_share: number;
  readonly budgets: Campaign['budgets'];
  readonly status: 'draft' | 'active' | 'killed' | 'archived';
  readonly state: Campaign['state'];
  readonly redemptions: number;
  readonly codes: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly version: number;
  readonly position: string;
}

export const toCampaign = (row: CampaignRow, at: Date): Campaign => ({
  id: row.campaign_id,
  key: row.key,
  name: row.name,
  startsAt: row.starts_at.toISOString(),
  endsAt: row.ends_at?.toISOString() ?? null,
  zone: row.zone,
  openings: row.openings,
  budgets: row.budgets,
  reportingCurrency: row.reporting_currency,
  marginShare: row.margin_share,
  holdoutShare: row.holdout_share,
  state: row.state,
  open: row.state === 'running' && isOpen(row.openings, row.zone, at),
  codes: row.codes,
  redemptions: row.redemptions,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
});

const select = (at: Date) => sql`
  SELECT c.campaign_id, c.key, c.name, c.starts_at, c.ends_at, c.zone, c.openings, c.reporting_currency,
    c.margin_share::double precision AS margin_share, c.holdout_share::double precision AS holdout_share,
    c.status, admin_center.campaign_state(c, ${at}) AS state, c.redemptions, c.created_at, c.updated_at, c.version, c.created_at::text AS position,
    coalesce((
      SELECT json_agg(json_build_object('currency', b.currency, 'limitMinor', b.limit_minor, 'spentMinor', b.spent_minor) ORDER BY b.currency)
      FROM admin_center.campaign_budget b WHERE b.campaign_id = c.campaign_id
    ), '[]') AS budgets,
    (SELECT count(*) FROM admin_center.promotion_code p WHERE p.campaign_id = c.campaign_id) AS codes
  FROM admin_center.campaign c
`;

export interface CampaignFilter {
  readonly q?: string | undefined;
  readonly state?: (typeof CAMPAIGN_STATES)[number] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function listCampaigns(database: Queryable, { q, state, cursor, limit }: CampaignFilter, at: Date) {
  const after = cursor === undefined ? null : campaignCursor.decode(cursor);
  const { rows } = await sql<CampaignRow>`
    ${select(at)}
    WHERE ${q === undefined ? sql`TRUE` : sql`strpos(lower(c.name || ' ' || c.key), lower(${q})) > 0`}
      AND ${state === undefined ? sql`TRUE` : sql`admin_center.campaign_state(c, ${at}) = ${state}`}
      AND ${after === null ? sql`TRUE` : sql`(c.created_at, c.campaign_id) < (${after.at}, ${after.id})`}
    ORDER BY c.created_at DESC, c.campaign_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, (row) => campaignCursor.encode({ at: row.position, id: row.campaign_id }));
  return { items: items.map((row) => toCampaign(row, at)), nextCursor };
}

/** @throws AppError 404 */
export async function readCampaign(database: Queryable, campaignId: string, at: Date): Promise<CampaignRow> {
  const { rows } = await sql<CampaignRow>`${select(at)} WHERE c.campaign_id = ${campaignId}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('campaign');
  }
  return row;
}

/** Held until the transaction ends: redemptions and other admins wait. @throws AppError 404 */
export async function lockCampaign(tx: Tx, campaignId: string, at: Date): Promise<CampaignRow> {
  await sql`SELECT FROM admin_center.campaign WHERE campaign_id = ${campaignId} FOR UPDATE`.execute(tx);
  return readCampaign(tx, campaignId, at);
}

export async function insertCampaign(tx: Tx, campaignId: string, key: string, fields: CampaignFields, at: Date): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO admin_center.campaign (campaign_id, key, name, starts_at, ends_at, zone, openings, reporting_currency, margin_share, holdout_share, created_at, updated_at)
    VALUES (${campaignId}, ${key}, ${fields.name}, ${fields.startsAt}, ${fields.endsAt}, ${fields.zone}, ${JSON.stringify(fields.openings)}::jsonb,
      ${fields.reportingCurrency}, ${fields.marginShare}, ${fields.holdoutShare}, ${at}, ${at})
    ON CONFLICT (key) DO NOTHING RETURNING 1
  `.execute(tx);
  if (rows.length === 0) {
    return false;
  }
  await setBudgets(tx, campaignId, fields.budgets);
  await sql`SELECT admin_center.start_redemption_counters(${key})`.execute(tx);
  return true;
}

export async function updateCampaignRow(tx: Tx, campaignId: string, fields: CampaignFields, at: Date): Promise<void> {
  await sql`
    UPDATE admin_center.campaign
    SET (name, starts_at, ends_at, zone, openings, reporting_currency, margin_share, holdout_share, updated_at, version) =
      (${fields.name}, ${fields.startsAt}::timestamptz, ${fields.endsAt}::timestamptz, ${fields.zone}, ${JSON.stringify(fields.openings)}::jsonb,
       ${fields.reportingCurrency}, ${fields.marginShare}::numeric, ${fields.holdoutShare}::numeric, ${at}::timestamptz, version + 1)
    WHERE campaign_id = ${campaignId}
  `.execute(tx);
  await setBudgets(tx, campaignId, fields.budgets);
}

export async function setCampaignStatus(tx: Tx, campaignId: string, status: 'active' | 'killed' | 'archived', at: Date): Promise<void> {
  await sql`UPDATE admin_center.campaign SET status = ${status}, updated_at = ${at}, version = version + 1 WHERE campaign_id = ${campaignId}`.execute(tx);
}

/** What was spent stays; a limit that rises opens the budget again. */
async function setBudgets(tx: Tx, campaignId: string, budgets: CampaignFields['budgets']): Promise<void> {
  const currencies = budgets.map(({ currency }) => currency);
  await sql`DELETE FROM admin_center.campaign_budget WHERE campaign_id = ${campaignId} AND NOT currency = ANY (${currencies}::text[])`.execute(tx);
  await sql`
    INSERT INTO admin_center.campaign_budget AS b (campaign_id, currency, limit_minor)
    SELECT ${campaignId}, currency, limit_minor
    FROM unnest(${currencies}::text[], ${budgets.map(({ limitMinor }) => limitMinor)}::bigint[]) AS given (currency, limit_minor)
    ON CONFLICT (campaign_id, currency) DO UPDATE
    SET limit_minor = excluded.limit_minor, exhausted_at = CASE WHEN excluded.limit_minor > b.limit_minor THEN NULL ELSE b.exhausted_at END
  `.execute(tx);
}
