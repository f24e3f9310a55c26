// Batches of unique codes: asked for in a request, made by the worker in slices, so that progress shows and a worker that
// is killed goes on where it stopped.
import type { CodeBatch } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Clock } from '@admin-center/platform/clock';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Database, Queryable, Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';
import { requireOwners, type Restrictions } from './codes.ts';
import { randomCode } from './random-code.ts';

const batchCursor = cursorOf('promotions:batches', z.strictObject({ at: instantText, id: z.guid() }));
const SLICE = 2_000;

interface BatchRow {
  readonly batch_id: string;
  readonly coupon_id: string;
  readonly coupon_name: string;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly prefix: string;
  readonly length: number;
  readonly count: number;
  readonly made: number;
  readonly state: CodeBatch['state'];
  readonly error: string | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly position: string;
}

const SELECT_BATCH = sql`
  SELECT b.*, b.created_at::text AS position, c.name AS coupon_name, g.name AS campaign_name
  FROM admin_center.code_batch b JOIN admin_center.coupon c USING (coupon_id) LEFT JOIN admin_center.campaign g USING (campaign_id)
`;

const toBatch = (row: BatchRow): CodeBatch => ({
  id: row.batch_id,
  coupon: { id: row.coupon_id, name: row.coupon_name },
  campaign: row.campaign_id === null ? null : { id: row.campaign_id, name: row.campaign_name as string },
  prefix: row.prefix, count: row.count, made: row.made, state: row.state, error: row.error,
  createdAt: row.created_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null, createdBy: row.created_by,
});

export interface BatchFilter {
  readonly couponId?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export async function listBatches(database: Queryable, { couponId, campaignId, cursor, limit }: BatchFilter) {
  const after = cursor === undefined ? null : batchCursor.decode(cursor);
  const { rows } = await sql<BatchRow>`
    ${SELECT_BATCH}
    WHERE ${couponId === undefined ? sql`TRUE` : sql`b.coupon_id = ${couponId}`} AND ${campaignId === undefined ? sql`TRUE` : sql`b.campaign_id = ${campaignId}`}
      AND ${after === null ? sql`TRUE` : sql`(b.created_at, b.batch_id) < (${after.at}, ${after.id})`}
    ORDER BY b.created_at DESC, b.batch_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, (row) => batchCursor.encode({ at: row.position, id: row.batch_id }));
  return { items: items.map(toBatch), nextCursor };
}

/** @throws AppError 404 */
export async function readBatch(database: Queryable, batchId: string): Promise<CodeBatch> {
  const { rows } = await sql<BatchRow>`${SELECT_BATCH} WHERE b.batch_id = ${batchId}`.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('batch');
  }
  return toBatch(row);
}

export interface NewBatch extends Restrictions {
  readonly couponId: string;
  readonly campaignId: string | null;
  readonly count: number;
  readonly prefix: string;
  readonly length: number;
}

export async function insertBatch(tx: Tx, batchId: string, given: NewBatch, createdBy: string, at: Date): Promise<void> {
  await requireOwners(tx, given);
  await sql`
    INSERT INTO admin_center.code_batch (batch_id, coupon_id, campaign_id, prefix, length, count, created_by, created_at, first_time_transaction, minimum_minor, minimum_currency, max_redemptions, max_per_user, expires_at)
    VALUES (${batchId}, ${given.couponId}, ${given.campaignId}, ${given.prefix}, ${given.length}, ${given.count}, ${createdBy}, ${at}, ${given.firstTimeTransaction},
      ${given.minimumAmount?.amountMinor ?? null}, ${given.minimumAmount?.currency ?? null}, ${given.maxRedemptions}, ${given.maxPerUser}, ${given.expiresAt})
  `.execute(tx);
}

/** The worker's job: finishes every batch that waits, oldest first. */
export async function makeWaitingCodes(database: Database, clock: Clock): Promise<void> {
  while (await makeSlice(database, clock())) {
    // One slice is one transaction.
  }
}

/** @returns whether there was anything to make; a batch that another worker makes is left to it */
function makeSlice(database: Database, at: Date): Promise<boolean> {
  return database.transaction().execute(async (tx) => {
    const { rows } = await sql<{ batch_id: string; prefix: string; length: number; count: number; made: number }>`
      SELECT batch_id, prefix, length, count, made FROM admin_center.code_batch WHERE state IN ('queued', 'running') ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
    `.execute(tx);
    const [batch] = rows;
    if (batch === undefined) {
      return false;
    }
    const wanted = Math.min(SLICE, batch.count - batch.made);
    const codes = Array.from({ length: wanted }, () => batch.prefix + randomCode(batch.length));
    // Codes that exist already, by whatever chance, are left out here and drawn anew in the next slice.
    const { rows: inserted } = await sql`
      INSERT INTO admin_center.promotion_code (code, coupon_id, campaign_id, batch_id, first_time_transaction, minimum_minor, minimum_currency, max_redemptions, max_per_user, expires_at, created_at)
      SELECT code, b.coupon_id, b.campaign_id, b.batch_id, b.first_time_transaction, b.minimum_minor, b.minimum_currency, b.max_redemptions, b.max_per_user, b.expires_at, b.created_at
      FROM admin_center.code_batch b CROSS JOIN unnest(${codes}::text[]) AS code
      WHERE b.batch_id = ${batch.batch_id}
      ON CONFLICT (code) DO NOTHING RETURNING 1
    `.execute(tx);
    const made = batch.made + inserted.length;
    await sql`
      UPDATE admin_center.code_batch
      SET made = ${made}, state = ${made === batch.count ? 'done' : 'running'}, finished_at = ${made === batch.count ? at : null}::timestamptz
      WHERE batch_id = ${batch.batch_id}
    `.execute(tx);
    return true;
  });
}
