// Promotions: coupons and promotion codes in Stripe's model and words, campaigns that own codes, a referral programme.
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { amountAsked, amountMinor, blastRadius, currency, instant, page, pageOf, reason, tier, uuid } from './fields.ts';
import { CURRENCIES } from './subscriptions.ts';

export const COUPON_STATES = ['draft', 'active', 'exhausted', 'expired', 'archived'] as const;
export const CAMPAIGN_STATES = ['draft', 'scheduled', 'running', 'over', 'exhausted', 'killed', 'archived'] as const;
export const BATCH_STATES = ['queued', 'running', 'done', 'failed'] as const;
export const STRIPE_STATES = ['pending', 'synced', 'failed', 'kept'] as const;
export const REFERRAL_STAGES = ['click', 'signup', 'qualified', 'held', 'rewarded', 'clawed_back', 'rejected'] as const;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** How a redemption or its validation ends; `applied` is the only one that gives a discount. */
export const REDEMPTION_RESULTS = [
  'applied', 'unknown_code', 'inactive', 'expired', 'exhausted', 'outside_window', 'not_eligible', 'not_first_time',
  'already_redeemed', 'currency_mismatch', 'below_minimum', 'budget_exhausted', 'holdout', 'throttled',
] as const;
export type RedemptionResult = (typeof REDEMPTION_RESULTS)[number];

/** Letters and digits that cannot be taken for each other: no 0, O, 1, I, L. */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

const money = z.object({ currency, amountMinor });
const share = z.number().min(0).max(1);
const actionTaken = z.object({ sequence: z.number().int(), at: instant, action: z.string(), outcome: z.string(), actor: z.string(), reason: z.string().nullable() });
const history = z.array(actionTaken).nullable().describe('The 50 most recent admin actions on it; null without audit:read.');
const named = z.object({ id: uuid, name: z.string() });

export const discount = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('percent'), percentOff: z.number().gt(0).max(100).multipleOf(0.01).describe('Percent taken off, with up to two decimals.') }),
  z.object({ kind: z.literal('amount'), amountOffMinor: amountAsked, currency }),
]).meta({ id: 'Discount' });
export type Discount = z.output<typeof discount>;

export const duration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('once') }),
  z.object({ kind: z.literal('repeating'), months: z.number().int().min(1).max(36) }),
  z.object({ kind: z.literal('forever') }),
]).meta({ id: 'CouponDuration' });
export type Duration = z.output<typeof duration>;

const stripeSync = z.object({
  state: z.enum(STRIPE_STATES).describe('`kept` is not for customers of Stripe, because Stripe could not check what limits it.'),
  id: z.string().nullable().describe('Its name at Stripe, once it is there.'),
  error: z.string().nullable().describe('Why it failed, waits for another attempt, or is kept.'),
  unmatched: z.number().int().describe('Redemptions at Stripe by customers who are no user of the host; they are in no other number.'),
}).meta({ id: 'StripeSync' }).nullable().describe('Where it stands at Stripe; null without a key of Stripe, and for a draft.');
export type StripeSync = z.output<typeof stripeSync>;

const couponLimits = {
  maxRedemptions: z.number().int().min(1).max(10_000_000).nullable().describe('How often it can be redeemed in all, over all its codes; null: without limit.'),
  redeemBy: instant.nullable().describe('The last instant it can be redeemed; null: without end.'),
};
const couponFields = {
  name: z.string().trim().min(1).max(40).describe('What customers see on the invoice.'),
  discount,
  duration,
  ...couponLimits,
  tiers: z.array(tier).max(3).describe('Plans it is good for; empty: all of them.'),
};
export const coupon = z.object({
  id: uuid,
  ...couponFields,
  state: z.enum(COUPON_STATES),
  timesRedeemed: z.number().int(),
  codes: z.number().int().describe('Promotion codes made for it.'),
  stripe: stripeSync,
  createdAt: instant,
  updatedAt: instant,
  version: z.number().int().describe('Send it back with a change; 409 when somebody changed it since.'),
}).meta({ id: 'Coupon' });
export type Coupon = z.output<typeof coupon>;

const restrictions = {
  firstTimeTransaction: z.boolean().describe('Only for users who never paid.'),
  minimumAmount: z.object({ amountMinor: amountAsked, currency }).nullable().describe('The invoice must come to at least this, in this currency.'),
  maxRedemptions: z.number().int().min(1).max(10_000_000).nullable(),
  maxPerUser: z.number().int().min(1).max(100).nullable().describe('How often one user can redeem it; null: without limit.'),
  expiresAt: instant.nullable(),
};
export const promotionCode = z.object({
  id: uuid,
  code: z.string(),
  coupon: named,
  campaign: named.nullable(),
  batchId: uuid.nullable(),
  userId: uuid.nullable().describe('The only user who can redeem it; null: anybody.'),
  ...restrictions,
  active: z.boolean().describe('Switched on by hand; whether it can be redeemed also hangs on its coupon and campaign.'),
  redeemable: z.boolean().describe('Whether somebody could redeem it now.'),
  timesRedeemed: z.number().int(),
  stripe: stripeSync,
  createdAt: instant,
  version: z.number().int(),
}).meta({ id: 'PromotionCode' });
export type PromotionCode = z.output<typeof promotionCode>;

/** Wall-clock hours of a day, in the zone of the campaign; `24:00` ends a day. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'Write it as HH:MM.');
export const opening = z.object({ days: z.array(z.enum(WEEKDAYS)).min(1).max(7), from: clockTime, to: clockTime })
  .refine(({ from, to }) => from < to, 'The end must be after the start; write two for a night.');
const campaignFields = {
  name: z.string().trim().min(1).max(100),
  startsAt: instant,
  endsAt: instant.nullable().describe('Null: until it is ended by hand or its budget is spent.'),
  zone: z.string().max(64).describe('IANA time zone of the openings, such as Europe/Berlin.'),
  openings: z.array(opening).max(14).describe('When in the week its codes work; empty: always.'),
  budgets: z.array(z.object({ currency, limitMinor: amountAsked })).max(20).describe('What the discounts may cost in all. Empty: without cap. With a cap, currencies without one are refused.'),
  reportingCurrency: currency.describe('The currency whose ROI becomes the metric.'),
  marginShare: share.describe('Share of revenue that is margin; 1 counts revenue as margin.'),
};
const holdoutShare = share.max(0.5).describe('Share of users who do not get the discount, so that its effect can be measured; fixed once it was activated.');
export const campaign = z.object({
  id: uuid,
  key: z.string().describe('Its name in metrics and marks.'),
  ...campaignFields,
  holdoutShare,
  budgets: z.array(z.object({ currency, limitMinor: amountMinor, spentMinor: amountMinor })),
  state: z.enum(CAMPAIGN_STATES),
  open: z.boolean().describe('Running, and within its openings now.'),
  codes: z.number().int(),
  redemptions: z.number().int(),
  createdAt: instant,
  updatedAt: instant,
  version: z.number().int(),
}).meta({ id: 'Campaign' });
export type Campaign = z.output<typeof campaign>;

export const promotionPreview = blastRadius.extend({
  codes: z.number().int().describe('Promotion codes that start or stop working.'),
  worstCase: z.array(z.object({
    currency,
    discountMinor: amountMinor.nullable().describe('The most it can still cost; null: nothing bounds it, or nothing that a number of JSON holds.'),
    budgetMinor: amountMinor.nullable().describe('What is left of the budget; null: there is none.'),
  })),
}).meta({ id: 'PromotionPreview' });
export type PromotionPreview = z.output<typeof promotionPreview>;

export const codeBatch = z.object({
  id: uuid, coupon: named, campaign: named.nullable(), prefix: z.string(),
  count: z.number().int(), made: z.number().int(), state: z.enum(BATCH_STATES), error: z.string().nullable(),
  createdAt: instant, finishedAt: instant.nullable(), createdBy: z.string(),
}).meta({ id: 'CodeBatch' });
export type CodeBatch = z.output<typeof codeBatch>;

export const redemption = z.object({
  id: uuid, at: instant, userId: uuid, email: z.string().nullable(), code: z.string(), coupon: named, campaign: named.nullable(),
  subtotalMinor: amountMinor, discountMinor: amountMinor, committedMinor: amountMinor.describe('Discount over the whole duration, a year for forever: what it took from the budget.'),
  currency, reference: z.string().describe('The name the host gave this redemption.'),
});
export type Redemption = z.output<typeof redemption>;

const arm = z.object({ users: z.number().int(), payers: z.number().int(), revenueMinor: amountMinor.describe('Payments less refunds since each user was assigned, within 90 days.') });
export const campaignReturn = z.object({
  currency,
  treated: arm,
  holdout: arm,
  discountMinor: amountMinor.describe('Of each payment that a discount was taken off, within 90 days.'),
  rewardMinor: amountMinor,
  marginMinor: amountMinor.nullable().describe('Margin the return is computed from, at prices before the discount: incremental to the hold-out, or attributed. Null while nobody is in the hold-out.'),
  roi: z.number().nullable().describe('D20; null while nothing was spent or nobody is in the hold-out.'),
  cannibalisedShare: share.nullable().describe('Share of redeemers who had paid before and might have paid without it.'),
});
export const campaignAnalytics = z.object({
  basis: z.enum(['incremental', 'attributed']).describe('`attributed` without a hold-out: all that redeemers paid, not what they paid because of it.'),
  redemptions: z.number().int(),
  byDay: z.array(z.object({ day: z.iso.date(), redemptions: z.number().int() })),
  returns: z.array(campaignReturn),
});
export type CampaignAnalytics = z.output<typeof campaignAnalytics>;

const programmeFields = {
  enabled: z.boolean(),
  windowDays: z.number().int().min(1).max(365).describe('A click counts for this many days.'),
  reward: z.object({ amountMinor: amountAsked, currency }).describe('What the referrer gets, as credit.'),
  refereeCouponId: uuid.nullable().describe('Coupon for those who were referred; null: none.'),
  holdDays: z.number().int().min(0).max(90).describe('Days between the first paid payment and the reward.'),
  clawbackDays: z.number().int().min(0).max(365).describe('A refund within this many days of that payment takes the reward back.'),
  maxRewardsPerReferrer: z.number().int().min(1).max(10_000).nullable(),
};
export const referralProgramme = z.object({ ...programmeFields, updatedAt: instant, version: z.number().int() }).meta({ id: 'ReferralProgramme' });
export type ReferralProgramme = z.output<typeof referralProgramme>;

const person = z.object({ id: uuid, email: z.string().nullable() });
export const referral = z.object({
  id: uuid,
  stage: z.enum(REFERRAL_STAGES),
  referrer: person,
  referee: person.nullable().describe('Null until the sign-up.'),
  reward: money.nullable(),
  clickedAt: instant, signedUpAt: instant.nullable(), qualifiedAt: instant.nullable(), heldUntil: instant.nullable(),
  rewardedAt: instant.nullable(), clawedBackAt: instant.nullable(), rejectedAt: instant.nullable(),
  signals: z.array(z.enum(['same_user', 'same_mailbox', 'same_device', 'same_network', 'same_card', 'referral_loop', 'existing_user'])).describe('What speaks for a self-referral.'),
}).meta({ id: 'Referral' });
export type Referral = z.output<typeof referral>;

export const pricePreview = z.object({
  result: z.enum(REDEMPTION_RESULTS),
  message: z.string(),
  currency: currency.nullable(),
  subtotalMinor: amountMinor.nullable().describe('The next invoice without the code; null for a user without a paid plan.'),
  discounts: z.array(z.object({ code: z.string().nullable(), coupon: named, amountMinor, forMonths: z.number().int().nullable().describe('How long it lasts; null: forever.') })).describe('In the order they apply: percent before amount.'),
  totalMinor: amountMinor.nullable(),
});
export type PricePreview = z.output<typeof pricePreview>;

const version = z.number().int().min(1);
const decide = z.object({ reason, version, previewToken: z.string().describe('The `token` of the preview; 409 with the new one when what it showed has changed.') });
const couponParams = z.object({ couponId: uuid });
const codeParams = z.object({ codeId: uuid });
const campaignParams = z.object({ campaignId: uuid });
const batchParams = z.object({ batchId: uuid });
const referralParams = z.object({ referralId: uuid });
const codeText = z.string().trim().toUpperCase().regex(/^[A-Z0-9-]{3,40}$/, 'Use 3 to 40 letters, digits and hyphens.');
const campaignKey = z.string().regex(/^[a-z][a-z0-9-]{1,48}[a-z0-9]$/, 'Use 3 to 50 lower-case letters, digits and hyphens.');
const search = z.string().trim().max(100).optional();
const done = { auditSequence: z.number().int(), message: z.string() };
const couponDone = z.object({ coupon, ...done });
const codeDone = z.object({ code: promotionCode, ...done });
const campaignDone = z.object({ campaign, ...done });
const READ = 'promotions:read' as const;
const WRITE = 'promotions:write' as const;
const root = '/api/v1/promotions' as const;
const metric = { source: 'exporter', type: 'gauge' } as const;
const CAMPAIGN_LABEL = { max: 200 } as const;

export const promotions = defineCapability({
  noun: 'promotions',
  title: 'Promotions',
  permissions: {
    'promotions:read': { description: 'See coupons, codes, campaigns, redemptions and referrals.', roles: ['super_admin', 'finance_admin'] },
    'promotions:write': { description: 'Make and change coupons, codes and campaigns, set the referral programme, reject referrals.', roles: ['super_admin', 'finance_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_coupon_redemptions_total', type: 'counter', help: 'Attempts to redeem a promotion code, by campaign and result; `none` is a code outside of campaigns or an unknown one.', labels: { campaign: CAMPAIGN_LABEL, result: REDEMPTION_RESULTS }, maxSeries: 990 },
    { ...metric, name: 'admincenter_coupon_discount_amount', help: 'Discount given by redemptions on the invoice they were redeemed for, in major units of the currency.', labels: { campaign: CAMPAIGN_LABEL, currency: CURRENCIES } },
    { ...metric, name: 'admincenter_campaign_roi_ratio', help: 'Return on what a campaign with a hold-out cost, in its reporting currency (D20); absent without a hold-out.', labels: { campaign: CAMPAIGN_LABEL } },
    { ...metric, name: 'admincenter_campaign_roi_timestamp_seconds', help: 'Unix time whose payments admincenter_campaign_roi_ratio counts; it is computed every five minutes, and gone when that has not happened for half an hour.', labels: {} },
    { ...metric, name: 'admincenter_referrals_total', type: 'counter', help: 'Referrals that reached a stage.', labels: { stage: REFERRAL_STAGES } },
    { ...metric, name: 'admincenter_referral_reward_liability_amount', help: 'Referral rewards on hold, to be granted unless a refund comes first, in major units of the currency.', labels: { currency: CURRENCIES } },
  ],
  endpoints: {
    listCoupons: { method: 'GET', path: `${root}/coupons`, permission: READ, summary: 'Coupons, newest first.', query: z.object({ q: search.describe('Part of the name.'), state: z.enum(COUPON_STATES).optional(), ...page }), response: pageOf(coupon) },
    getCoupon: { method: 'GET', path: `${root}/coupons/:couponId`, permission: READ, summary: 'One coupon with its history.', params: couponParams, response: coupon.extend({ history }) },
    createCoupon: { method: 'POST', path: `${root}/coupons`, permission: WRITE, audit: 'promotions.coupon_create', summary: 'Make a coupon, as a draft.', body: z.object({ ...couponFields, reason }), response: couponDone },
    updateCoupon: { method: 'PATCH', path: `${root}/coupons/:couponId`, permission: WRITE, audit: 'promotions.coupon_update', summary: 'Change a coupon. Discount, duration and tiers are fixed once it was activated, as at Stripe.', params: couponParams, body: z.object(couponFields).partial().extend({ reason, version }), response: couponDone },
    activateCouponPreview: { method: 'GET', path: `${root}/coupons/:couponId/activate-preview`, permission: WRITE, summary: 'Who could redeem the coupon, and what it could cost.', params: couponParams, response: promotionPreview },
    activateCoupon: { method: 'POST', path: `${root}/coupons/:couponId/activate`, permission: WRITE, audit: 'promotions.coupon_activate', summary: 'Make a draft redeemable.', params: couponParams, body: decide, response: couponDone },
    archiveCouponPreview: { method: 'GET', path: `${root}/coupons/:couponId/archive-preview`, permission: WRITE, summary: 'Which codes stop working.', params: couponParams, response: promotionPreview },
    archiveCoupon: { method: 'POST', path: `${root}/coupons/:couponId/archive`, permission: WRITE, audit: 'promotions.coupon_archive', summary: 'End a coupon for good; discounts that were given stay.', params: couponParams, body: decide, response: couponDone },
    syncCoupon: { method: 'POST', path: `${root}/coupons/:couponId/sync`, permission: WRITE, audit: 'promotions.coupon_sync', summary: 'Push a coupon, and what failed of its codes, to Stripe again.', params: couponParams, body: z.object({ reason }), response: couponDone },

    listCodes: { method: 'GET', path: `${root}/codes`, permission: READ, summary: 'Promotion codes, newest first.', query: z.object({ q: search.describe('Beginning of the code.'), couponId: uuid.optional(), campaignId: uuid.optional(), batchId: uuid.optional(), userId: uuid.optional(), ...page }), response: pageOf(promotionCode) },
    getCode: { method: 'GET', path: `${root}/codes/:codeId`, permission: READ, summary: 'One promotion code with its history.', params: codeParams, response: promotionCode.extend({ history }) },
    createCode: { method: 'POST', path: `${root}/codes`, permission: WRITE, audit: 'promotions.code_create', summary: 'Make a promotion code for a coupon.', body: z.object({ code: codeText, couponId: uuid, campaignId: uuid.nullable(), userId: uuid.nullable(), ...restrictions, reason }), response: codeDone },
    deactivateCode: { method: 'POST', path: `${root}/codes/:codeId/deactivate`, permission: WRITE, audit: 'promotions.code_deactivate', summary: 'Switch a code off.', params: codeParams, body: z.object({ reason, version }), response: codeDone },
    activateCode: { method: 'POST', path: `${root}/codes/:codeId/activate`, permission: WRITE, audit: 'promotions.code_activate', summary: 'Switch a code on again.', params: codeParams, body: z.object({ reason, version }), response: codeDone },

    listBatches: { method: 'GET', path: `${root}/batches`, permission: READ, summary: 'Batches of unique codes, newest first, with their progress.', query: z.object({ couponId: uuid.optional(), campaignId: uuid.optional(), ...page }), response: pageOf(codeBatch) },
    getBatch: { method: 'GET', path: `${root}/batches/:batchId`, permission: READ, summary: 'Progress of one batch.', params: batchParams, response: codeBatch },
    createBatch: {
      method: 'POST', path: `${root}/batches`, permission: WRITE, audit: 'promotions.batch_create', summary: 'Make up to 100,000 unique codes in the background.',
      body: z.object({ couponId: uuid, campaignId: uuid.nullable(), count: z.number().int().min(1).max(100_000), prefix: z.string().toUpperCase().regex(/^([A-Z0-9]{1,12})?$/).describe('Before the random part; may be empty.'), length: z.number().int().min(8).max(20).describe('Length of the random part.'), ...restrictions, reason }),
      response: z.object({ batch: codeBatch, ...done }),
    },
    exportBatch: { method: 'POST', path: `${root}/batches/:batchId/export`, permission: WRITE, audit: 'promotions.batch_export', summary: 'The codes of a finished batch as CSV (S4, S5).', params: batchParams, body: z.object({ reason }), response: 'text/csv' },

    listCampaigns: { method: 'GET', path: `${root}/campaigns`, permission: READ, summary: 'Campaigns, newest first.', query: z.object({ q: search.describe('Part of the name or key.'), state: z.enum(CAMPAIGN_STATES).optional(), ...page }), response: pageOf(campaign) },
    getCampaign: { method: 'GET', path: `${root}/campaigns/:campaignId`, permission: READ, summary: 'One campaign with its history.', params: campaignParams, response: campaign.extend({ history }) },
    createCampaign: { method: 'POST', path: `${root}/campaigns`, permission: WRITE, audit: 'promotions.campaign_create', summary: 'Make a campaign, as a draft.', body: z.object({ key: campaignKey, ...campaignFields, holdoutShare, reason }), response: campaignDone },
    updateCampaign: { method: 'PATCH', path: `${root}/campaigns/:campaignId`, permission: WRITE, audit: 'promotions.campaign_update', summary: 'Change a campaign. The hold-out share is fixed once it was activated.', params: campaignParams, body: z.object({ ...campaignFields, holdoutShare }).partial().extend({ reason, version }), response: campaignDone },
    activateCampaignPreview: { method: 'GET', path: `${root}/campaigns/:campaignId/activate-preview`, permission: WRITE, summary: 'Who could redeem its codes, and what they could cost.', params: campaignParams, response: promotionPreview },
    activateCampaign: { method: 'POST', path: `${root}/campaigns/:campaignId/activate`, permission: WRITE, audit: 'promotions.campaign_activate', summary: 'Let a draft run from its start on.', params: campaignParams, body: decide, response: campaignDone },
    killCampaignPreview: { method: 'GET', path: `${root}/campaigns/:campaignId/kill-preview`, permission: WRITE, summary: 'Which codes stop working at once.', params: campaignParams, response: promotionPreview },
    killCampaign: { method: 'POST', path: `${root}/campaigns/:campaignId/kill`, permission: WRITE, audit: 'promotions.campaign_kill', summary: 'Stop a campaign at once; discounts that were given stay.', params: campaignParams, body: decide, response: campaignDone },
    archiveCampaignPreview: { method: 'GET', path: `${root}/campaigns/:campaignId/archive-preview`, permission: WRITE, summary: 'Which codes stop working.', params: campaignParams, response: promotionPreview },
    archiveCampaign: { method: 'POST', path: `${root}/campaigns/:campaignId/archive`, permission: WRITE, audit: 'promotions.campaign_archive', summary: 'Put a campaign away; it cannot run again.', params: campaignParams, body: decide, response: campaignDone },
    campaignAnalytics: { method: 'GET', path: `${root}/campaigns/:campaignId/analytics`, permission: READ, summary: 'Redemptions, discount and return of one campaign (D20).', params: campaignParams, response: campaignAnalytics },

    listRedemptions: { method: 'GET', path: `${root}/redemptions`, permission: READ, summary: 'Redemptions, newest first.', query: z.object({ couponId: uuid.optional(), campaignId: uuid.optional(), codeId: uuid.optional(), userId: uuid.optional(), ...page }), response: pageOf(redemption) },
    pricePreview: { method: 'GET', path: `${root}/price-preview`, permission: READ, summary: 'What codes would do to the next invoice of a user; nothing is redeemed.', query: z.object({ userId: uuid, code: z.string().trim().max(200).describe('One code, or up to five with commas between them.') }), response: pricePreview },

    getReferralProgramme: { method: 'GET', path: `${root}/referral-programme`, permission: READ, summary: 'Settings of the referral programme.', response: referralProgramme.extend({ history }) },
    setReferralProgramme: { method: 'PUT', path: `${root}/referral-programme`, permission: WRITE, audit: 'promotions.referral_programme_set', summary: 'Change the referral programme; referrals on hold keep the reward they were promised.', body: z.object({ ...programmeFields, reason, version }), response: z.object({ programme: referralProgramme, ...done }) },
    listReferrals: { method: 'GET', path: `${root}/referrals`, permission: READ, summary: 'Referrals, newest first.', query: z.object({ stage: z.enum(REFERRAL_STAGES).optional(), referrerId: uuid.optional(), refereeId: uuid.optional(), ...page }), response: pageOf(referral) },
    getReferral: { method: 'GET', path: `${root}/referrals/:referralId`, permission: READ, summary: 'One referral with its history.', params: referralParams, response: referral.extend({ history }) },
    rejectReferral: { method: 'POST', path: `${root}/referrals/:referralId/reject`, permission: WRITE, audit: 'promotions.referral_reject', summary: 'Reject a referral before its reward, for example as a self-referral.', params: referralParams, body: z.object({ reason }), response: z.object({ referral, ...done }) },
  },
});
