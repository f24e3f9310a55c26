// Acme's referral programme and the people it brought, each at the stage that their payments and refunds put them.
import { sql } from 'kysely';
import { DAY, iso } from './calendar.ts';
import type { Company } from './company.ts';
import type { Tx } from './past.ts';

const DAYS = 80;
/** Of the users who signed up, so many came by a link; of those who stayed to pay, many more did. */
const SHARE = 0.04;
const SHARE_OF_PAYING = 0.6;
const CLICKS_ONLY = 90;

export async function referralsPast(tx: Tx, company: Company, couponId: string): Promise<void> {
  const [from, now] = [iso(company.loadedAt - DAYS * DAY), iso(company.loadedAt)];
  await sql`UPDATE admin_center.referral_programme SET enabled = true, referee_coupon_id = ${couponId}, updated_at = ${from}`.execute(tx);
  // Referrers are paying customers from before; each brings some of those who signed up.
  await sql`
    INSERT INTO admin_center.referral_code (user_id, code, created_at)
    SELECT user_id, upper(translate(substr(md5('link' || user_id::text), 1, 10), '01il', 'xyzw')), ${from}
    FROM admin_center.account JOIN admin_center.entitlement USING (user_id)
    WHERE state = 'active' AND tier <> 'free' AND created_at < ${from}
    ORDER BY md5('referrer' || user_id::text) LIMIT 60
  `.execute(tx);
  await sql`
    WITH referrer AS (SELECT user_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS places FROM admin_center.referral_code),
    referee AS (
      SELECT user_id, created_at, ('x' || substr(md5('referee' || user_id::text), 1, 7))::bit(28)::integer AS draw
      FROM admin_center.account JOIN admin_center.entitlement USING (user_id)
      WHERE created_at >= ${from} AND created_at < ${now}::timestamptz - interval '1 hour' AND state = 'active'
        AND ('x' || substr(md5('came' || user_id::text), 1, 7))::bit(28)::integer / 268435456.0 < CASE tier WHEN 'free' THEN ${SHARE}::numeric ELSE ${SHARE_OF_PAYING}::numeric END
    )
    INSERT INTO admin_center.referral (referral_id, referrer_id, referee_id, stage, signals, clicked_at, signed_up_at, rejected_at)
    SELECT md5('referral' || referee.user_id::text)::uuid, referrer.user_id, referee.user_id,
      CASE WHEN draw % 17 = 0 THEN 'rejected' ELSE 'signup' END,
      CASE WHEN draw % 34 = 0 THEN ARRAY['same_mailbox'] WHEN draw % 17 = 0 THEN ARRAY['same_device', 'same_network'] WHEN draw % 13 = 0 THEN ARRAY['same_network'] ELSE '{}' END,
      referee.created_at - (1 + draw % 4000) * interval '1 minute', referee.created_at, CASE WHEN draw % 17 = 0 THEN referee.created_at END
    FROM referee JOIN referrer ON referrer.place = draw % nullif(referrer.places, 0)
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.referral (referral_id, referrer_id, clicked_at)
    SELECT md5('click' || n)::uuid, referrer.user_id, ${now}::timestamptz - (n * 37 % ${DAYS * 24}) * interval '1 hour' - interval '7 minutes'
    FROM generate_series(1, ${CLICKS_ONLY}::integer) AS n
    JOIN (SELECT user_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS places FROM admin_center.referral_code) referrer ON referrer.place = n % referrer.places
  `.execute(tx);
  // The steps below are planned by what the tables hold now, or they would read all payments for each referral.
  await sql`ANALYZE admin_center.referral`.execute(tx);
  await followPayments(tx, now);
  await sql`
    SELECT admin_center.tally_add('admincenter_referrals_total', jsonb_build_object('stage', reached.stage), count(*))
    FROM admin_center.referral
    CROSS JOIN LATERAL (VALUES
      ('click', true), ('signup', signed_up_at IS NOT NULL), ('qualified', qualified_at IS NOT NULL), ('held', held_until IS NOT NULL),
      ('rewarded', rewarded_at IS NOT NULL), ('clawed_back', clawed_back_at IS NOT NULL), ('rejected', rejected_at IS NOT NULL)
    ) AS reached (stage, yes)
    WHERE yes GROUP BY reached.stage
  `.execute(tx);
}

/** What the worker would have made of it, each step at its own time. */
async function followPayments(tx: Tx, now: string): Promise<void> {
  await sql`
    UPDATE admin_center.referral r
    SET stage = 'held', qualified_at = s.at, payment_id = s.payment_id, held_until = s.at + g.hold_days * interval '24 hours',
      clawback_until = s.at + g.clawback_days * interval '24 hours', reward_minor = g.reward_minor, reward_currency = g.reward_currency
    FROM admin_center.referral_step s CROSS JOIN admin_center.referral_programme g
    WHERE s.referral_id = r.referral_id AND s.step = 'qualified' AND s.at <= ${now}
  `.execute(tx);
  await sql`
    UPDATE admin_center.referral r SET stage = 'clawed_back', clawed_back_at = s.at, rewarded_at = CASE WHEN s.at > r.held_until THEN r.held_until END
    FROM admin_center.referral_step s WHERE s.referral_id = r.referral_id AND s.step = 'clawed_back' AND s.at <= ${now}
  `.execute(tx);
  await sql`
    UPDATE admin_center.referral r SET stage = 'rewarded', rewarded_at = s.at
    FROM admin_center.referral_step s WHERE s.referral_id = r.referral_id AND s.step = 'rewarded' AND s.at <= ${now}
  `.execute(tx);
  await sql`
    INSERT INTO admin_center.referral_credit (referral_id, user_id, amount_minor, currency, at)
    SELECT referral_id, referrer_id, amount_minor, reward_currency, at
    FROM admin_center.referral CROSS JOIN LATERAL (VALUES (reward_minor, rewarded_at), (-reward_minor, CASE WHEN rewarded_at IS NOT NULL THEN clawed_back_at END)) AS entry (amount_minor, at)
    WHERE entry.at IS NOT NULL ORDER BY entry.at, referral_id
  `.execute(tx);
}
