// Credit for referrals, as the host reads it to apply it to its users' invoices.
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';

export interface Credit {
  /** Ask for those after the last one you applied. */
  readonly id: number;
  readonly referralId: string;
  readonly userId: string;
  /** Negative where a reward is taken back. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly at: string;
}

export async function creditsAfter(database: Queryable, after: number, limit: number): Promise<Credit[]> {
  const { rows } = await sql<{ credit_id: number; referral_id: string; user_id: string; amount_minor: number; currency: string; at: Date }>`
    SELECT credit_id, referral_id, user_id, amount_minor, currency, at FROM admin_center.referral_credit WHERE credit_id > ${after} ORDER BY credit_id LIMIT ${limit}
  `.execute(database);
  return rows.map((row) => ({ id: row.credit_id, referralId: row.referral_id, userId: row.user_id, amountMinor: row.amount_minor, currency: row.currency, at: row.at.toISOString() }));
}
