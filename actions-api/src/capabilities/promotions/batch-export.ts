// The codes of a finished batch as CSV (S4, S5).
import { sql } from 'kysely';
import { type ExportFile, writeCsv } from '../../platform/csv-file.ts';
import { type Database, readSnapshot } from '../../platform/database.ts';
import { conflict } from '../../platform/errors.ts';
import { readBatch } from './batches.ts';

const SLICE = 5_000;
const TIMEOUT_MS = 30_000;
const COLUMNS = ['code', 'coupon', 'campaign', 'expires_at', 'times_redeemed', 'exported_by'] as const;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * @param watermark goes into every row: who took it and with which request
 * @throws AppError 404, or 409 while codes are still being made
 */
export const exportBatch = (database: Database, batchId: string, watermark: string): Promise<ExportFile> =>
  readSnapshot(database, TIMEOUT_MS, async (tx) => {
    const batch = await readBatch(tx, batchId);
    if (batch.state !== 'done') {
      throw conflict('batch_unfinished', `${batch.made} of ${batch.count} codes are made. Wait for the rest.`);
    }
    const read = async function* (): AsyncGenerator<readonly string[]> {
      for (let after = BEFORE_ALL; ; ) {
        const { rows } = await sql<{ code_id: string; code: string; expires_at: Date | null; times_redeemed: number }>`
          SELECT code_id, code, expires_at, times_redeemed FROM admin_center.promotion_code
          WHERE batch_id = ${batchId} AND code_id > ${after} ORDER BY code_id LIMIT ${SLICE}
        `.execute(tx);
        for (const row of rows) {
          yield [row.code, batch.coupon.name, batch.campaign?.name ?? '', row.expires_at?.toISOString() ?? '', String(row.times_redeemed), watermark];
        }
        after = rows.at(-1)?.code_id ?? after;
        if (rows.length < SLICE) {
          return;
        }
      }
    };
    return writeCsv(COLUMNS, read());
  });
