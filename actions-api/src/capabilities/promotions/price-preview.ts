// What codes would do to a user's next invoice. Nothing is redeemed, counted or assigned.
import type { PricePreview, RedemptionResult } from '@admin-center/contracts/promotions';
import type { Tier } from '@admin-center/contracts/capability';
import { sql } from 'kysely';
import { currencyCode } from '../../platform/currency.ts';
import type { Queryable } from '../../platform/database.ts';
import { AppError, notFound } from '../../platform/errors.ts';
import { monthsOf, stack } from './discounts.ts';
import { judge, normalCode, type Offer } from './offer.ts';

const CODES_MOST = 5;

const MESSAGES: Readonly<Record<RedemptionResult, string>> = {
  applied: 'The next invoice would be lower.',
  unknown_code: 'There is no such code.',
  inactive: 'The code, its coupon or its campaign is not switched on.',
  expired: 'The code, its coupon or its campaign has ended.',
  exhausted: 'It was redeemed as often as it can be.',
  outside_window: 'The campaign has not started, or is closed at this hour.',
  not_eligible: 'It is for another user, for other plans, or the account is not active.',
  not_first_time: 'It is for users who never paid, and this one has.',
  already_redeemed: 'This user has redeemed it as often as one user can.',
  currency_mismatch: 'It is in another currency than the invoice, and nothing is converted.',
  below_minimum: 'The invoice is below the minimum of the code.',
  budget_exhausted: 'What is left of the campaign’s budget is less than this would cost.',
  holdout: 'This user is in the hold-out of the campaign.',
  throttled: 'Too many wrong codes were tried.',
};

/** The first code that cannot be redeemed decides the result; then nothing is taken off, as at a checkout that refuses it. */
export async function previewPrice(database: Queryable, userId: string, given: string, at: Date): Promise<PricePreview> {
  const codes = [...new Set(given.split(',').map(normalCode).filter((code) => code !== ''))];
  if (codes.length === 0 || codes.length > CODES_MOST) {
    throw new AppError('query_invalid', 400, `Give one to ${CODES_MOST} codes.`, { errors: [{ path: 'query.code', message: `Give one to ${CODES_MOST} codes.` }] });
  }
  const invoice = await readNextInvoice(database, userId);
  if (invoice === null) {
    return { result: 'not_eligible', message: 'This user has no paid plan, so there is no next invoice.', currency: null, subtotalMinor: null, discounts: [], totalMinor: null };
  }
  const { currency, subtotalMinor, tier } = invoice;
  const offers: Offer[] = [];
  for (const code of codes) {
    const verdict = await judge(database, code, { userId, currency, subtotalMinor, tier, interval: 'month' }, at);
    if (verdict.result !== 'applied') {
      return { result: verdict.result, message: `${code}: ${MESSAGES[verdict.result]}`, currency, subtotalMinor, discounts: [], totalMinor: subtotalMinor };
    }
    offers.push(verdict.offer);
  }
  const { discounts, totalMinor } = stack(subtotalMinor, currency, offers.map((offer) => ({ source: offer, discount: offer.discount })));
  return {
    result: 'applied',
    message: MESSAGES.applied,
    currency,
    subtotalMinor,
    discounts: discounts.map(({ source: { row, duration }, amountMinor }) => ({ code: row.code, coupon: { id: row.coupon_id, name: row.coupon_name }, amountMinor, forMonths: monthsOf(duration) })),
    totalMinor,
  };
}

/** By what the user pays a month (D8), at most 15 seconds old. @throws AppError 404 */
async function readNextInvoice(database: Queryable, userId: string): Promise<{ currency: string; subtotalMinor: number; tier: Tier } | null> {
  const { rows } = await sql<{ tier: Tier; currency: string | null; amount_minor: number | null }>`
    SELECT e.tier, r.currency, r.amount_minor
    FROM admin_center.entitlement e
    LEFT JOIN admin_center.recurring_revenue r ON r.user_id = e.user_id AND r.subscription_id = e.subscription_id AND r.ended_at > now() AND r.amount_minor > 0
    WHERE e.user_id = ${userId}
  `.execute(database);
  const [row] = rows;
  if (row === undefined) {
    throw notFound('user');
  }
  return row.currency === null || row.amount_minor === null ? null : { tier: row.tier, currency: currencyCode(row.currency), subtotalMinor: row.amount_minor };
}
