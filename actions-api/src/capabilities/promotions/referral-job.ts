// Moves referrals on as the host's payments and refunds say: qualified, on hold, rewarded, clawed back. The worker's job.
import type { Referral } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../platform/audited.ts';
import type { Database, Tx } from '../../platform/database.ts';
import { countStage } from './referral-stages.ts';

interface Parts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
}

type Moved = Partial<Record<Referral['stage'], number>>;

/**
 * Somebody may have rejected a referral since the steps were read. The stage is asked for again, at the row itself, so that
 * PostgreSQL looks at it once more after it waited for the other.
 */
const still = (...stages: readonly Referral['stage'][]) => sql`r.stage = ANY (${stages}::text[])`;

/** One run takes each referral as far as it goes. Runs never overlap; one that finds nothing due leaves no trace. */
export async function advanceReferrals({ database, recorder, clock, log }: Parts): Promise<void> {
  const at = clock();
  const due = await sql`SELECT FROM admin_center.referral_step WHERE at <= ${at} LIMIT 1`.execute(database);
  if (due.rows.length === 0) {
    return;
  }
  await recorder.auditedBySystem<null, Moved>({
    by: 'referrals', action: 'promotions.referrals_advance', target: { type: 'referral-programme', id: 'referrals' }, log,
    read: async () => null,
    run: (tx) => advance(tx, at),
    keep: ({ result }) => ({ before: null, after: result }),
  });
}

async function advance(tx: Tx, at: Date): Promise<Moved> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('promotions.referrals', 0))`.execute(tx);
  const moved: Moved = {};
  const note = async (stage: Referral['stage'], rows: readonly unknown[]): Promise<void> => {
    if (rows.length > 0) {
      await countStage(tx, stage, rows.length);
      moved[stage] = rows.length;
    }
  };
  const due = sql`admin_center.referral_step AS due WHERE due.at <= ${at} AND due.referral_id = r.referral_id`;

  await note('rejected', (await sql`
    UPDATE admin_center.referral r SET stage = 'rejected', rejected_at = ${at}, signals = array_append(r.signals, 'same_card'), payment_id = due.payment_id
    FROM ${due} AND due.step = 'rejected' AND ${still('signup')} RETURNING 1
  `.execute(tx)).rows);
  await note('qualified', (await sql`
    UPDATE admin_center.referral r
    SET stage = 'qualified', qualified_at = due.at, payment_id = due.payment_id, signals = CASE WHEN due.same_card THEN array_append(r.signals, 'same_card') ELSE r.signals END
    FROM ${due} AND due.step = 'qualified' AND ${still('signup')} RETURNING 1
  `.execute(tx)).rows);
  await note('held', (await sql`
    UPDATE admin_center.referral r
    SET stage = 'held', held_until = r.qualified_at + g.hold_days * interval '24 hours', clawback_until = r.qualified_at + g.clawback_days * interval '24 hours',
      reward_minor = g.reward_minor, reward_currency = g.reward_currency
    FROM admin_center.referral_programme g, ${due} AND due.step = 'held' AND ${still('qualified')} RETURNING 1
  `.execute(tx)).rows);
  await note('clawed_back', await clawBack(tx, at));
  await note('rewarded', (await sql`
    WITH rewarded AS (
      UPDATE admin_center.referral r SET stage = 'rewarded', rewarded_at = ${at}
      FROM ${due} AND due.step = 'rewarded' AND ${still('held')} RETURNING r.referral_id, r.referrer_id, r.reward_minor, r.reward_currency
    )
    INSERT INTO admin_center.referral_credit (referral_id, user_id, amount_minor, currency, at)
    SELECT referral_id, referrer_id, reward_minor, reward_currency, ${at} FROM rewarded ORDER BY referral_id RETURNING 1
  `.execute(tx)).rows);
  return moved;
}

/** What was still on hold is never paid; what was paid is taken back. */
async function clawBack(tx: Tx, at: Date): Promise<readonly unknown[]> {
  const { rows } = await sql<{ referral_id: string }>`
    UPDATE admin_center.referral r SET stage = 'clawed_back', clawed_back_at = ${at}
    FROM admin_center.referral_step AS due
    WHERE due.at <= ${at} AND due.referral_id = r.referral_id AND due.step = 'clawed_back' AND ${still('held', 'rewarded')} RETURNING r.referral_id
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.referral_credit (referral_id, user_id, amount_minor, currency, at)
    SELECT paid.referral_id, paid.user_id, -paid.amount_minor, paid.currency, ${at}
    FROM admin_center.referral_credit paid
    WHERE paid.amount_minor > 0 AND paid.referral_id = ANY (${rows.map(({ referral_id }) => referral_id)}::uuid[])
    ORDER BY paid.referral_id
  `.execute(tx);
  return rows;
}
