// What admins may do with coupons, codes and campaigns, what the previews show, and what is refused.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Campaign, CodeBatch, Coupon, PromotionCode, PromotionPreview } from '@admin-center/contracts/promotions';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { campaignBody, codeBody, couponBody, type Fields, ok, promotionsOf, reason, startHost } from '../../../test/promotions.ts';
import { makeWaitingCodes } from './batches.ts';
import { keepReturns } from './jobs.ts';

const NOW = new Date('2026-07-15T12:00:00Z');
const root = '/api/v1/promotions';
let api: TestApi;
let fin: Client;
let promotions: ReturnType<typeof promotionsOf>;

beforeAll(async () => {
  api = await startTestApi({ now: () => NOW });
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  await api.db.make.admin({ email: 'ada@acme.example', role: 'super_admin' });
  await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  promotions = promotionsOf(fin);
});
afterAll(() => api.close());

const items = <T>(body: unknown): T[] => (body as { items: T[] }).items;
const patch = (path: string, body: Fields) => fin.send('PATCH', `${root}/${path}`, { body: { reason, ...body } });

test('support admins see nothing of it', async () => {
  expect(await api.as({ email: 'sam@acme.example' }).get(`${root}/coupons`)).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
});

describe('a coupon', () => {
  test('changes freely while it is a draft; what was promised is fixed afterwards', async () => {
    const draft = await promotions.draftCoupon();
    const changed = ok<{ coupon: Coupon }>(await patch(`coupons/${draft.id}`, { version: 1, discount: { kind: 'amount', amountOffMinor: 500, currency: 'EUR' }, duration: { kind: 'repeating', months: 3 } })).coupon;
    expect(changed).toMatchObject({ version: 2, discount: { kind: 'amount', amountOffMinor: 500, currency: 'EUR' }, duration: { kind: 'repeating', months: 3 }, name: 'Spring' });
    const active = ok<{ coupon: Coupon }>(await promotions.decide(`coupons/${draft.id}`, 'activate', 2)).coupon;
    expect(active.state).toBe('active');
    expect(await patch(`coupons/${draft.id}`, { version: 3, discount: { kind: 'percent', percentOff: 5 } })).toMatchObject({ status: 409, body: { code: 'coupon_frozen', detail: expect.stringContaining('discount') } });
    expect(await patch(`coupons/${draft.id}`, { version: 3, name: 'Later', maxRedemptions: 5 })).toMatchObject({ status: 200, body: { coupon: { name: 'Later', maxRedemptions: 5 } } });
  });

  test('of two admins at once, the second is told what the first made of it', async () => {
    const { id } = await promotions.draftCoupon();
    const answers = await Promise.all([patch(`coupons/${id}`, { version: 1, name: 'One' }), patch(`coupons/${id}`, { version: 1, name: 'Two' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [won] = answers.filter(({ status }) => status === 200).map(({ body }) => (body as { coupon: Coupon }).coupon.name);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'version_stale', current: { name: won, version: 2 } });
  });

  test('is exhausted and expired by what happened, and archived for good', async () => {
    const host = await startHost(api);
    const coupon = await promotions.coupon({ maxRedemptions: 1 });
    const { code } = await promotions.code(coupon.id);
    await host.redeem({ code, userId: (await api.db.make.user()).id });
    const expired = await promotions.coupon({ redeemBy: '2026-07-15T11:59:59Z' });
    const listed = async (state: string) => items<Coupon>((await fin.get(`${root}/coupons`, { state })).body).map(({ id }) => id);
    expect(await listed('exhausted')).toContain(coupon.id);
    expect(await listed('expired')).toEqual([expired.id]);
    expect(await patch(`coupons/${coupon.id}`, { version: 2, maxRedemptions: 2 })).toMatchObject({ status: 200, body: { coupon: { state: 'active' } } });
    expect((await promotions.decide(`coupons/${coupon.id}`, 'archive', 3)).status).toBe(200);
    expect(await promotions.decide(`coupons/${coupon.id}`, 'archive', 4)).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect(await patch(`coupons/${coupon.id}`, { version: 4, name: 'Back' })).toMatchObject({ status: 409, body: { code: 'coupon_archived' } });
  });

  test.each<[string, Fields, string]>([
    ['more than everything off', { discount: { kind: 'percent', percentOff: 100.01 } }, 'body.discount.percentOff'],
    ['a third of a percent', { discount: { kind: 'percent', percentOff: 33.333 } }, 'body.discount.percentOff'],
    ['an amount without a currency', { discount: { kind: 'amount', amountOffMinor: 100 } }, 'body.discount.currency'],
    ['half a cent', { discount: { kind: 'amount', amountOffMinor: 0.5, currency: 'USD' } }, 'body.discount.amountOffMinor'],
    ['no months', { duration: { kind: 'repeating', months: 0 } }, 'body.duration.months'],
  ])('is not %s', async (_what, fields, path) => {
    expect(await fin.post(`${root}/coupons`, { ...couponBody, ...fields })).toMatchObject({ status: 422, body: { errors: expect.arrayContaining([expect.objectContaining({ path })]) } });
  });

  test('is listed page by page without losing or repeating one', async () => {
    const whole = items<Coupon>((await fin.get(`${root}/coupons`, { limit: '100' })).body).map(({ id }) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await fin.get(`${root}/coupons`, { limit: '3', ...(cursor === '' ? {} : { cursor }) });
      paged.push(...items<Coupon>(body).map(({ id }) => id));
      cursor = (body as { nextCursor: string | null }).nextCursor;
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(whole.length);
  });
});

describe('a code', () => {
  test('exists once, whatever its case, and is switched off and on', async () => {
    const coupon = await promotions.coupon();
    const { id } = await promotions.code(coupon.id, { code: 'hello-26' });
    expect(await fin.post(`${root}/codes`, { ...codeBody, couponId: coupon.id, code: 'HELLO-26' })).toMatchObject({ status: 409, body: { code: 'code_taken' } });
    expect(items<PromotionCode>((await fin.get(`${root}/codes`, { q: 'hello' })).body)).toMatchObject([{ code: 'HELLO-26', redeemable: true }]);
    expect(await fin.post(`${root}/codes/${id}/deactivate`, { reason, version: 1 })).toMatchObject({ status: 200, body: { code: { active: false, redeemable: false, version: 2 } } });
    expect(await fin.post(`${root}/codes/${id}/deactivate`, { reason, version: 2 })).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
    expect(await fin.post(`${root}/codes/${id}/activate`, { reason, version: 2 })).toMatchObject({ status: 200, body: { code: { redeemable: true } } });
  });

  test('needs a coupon and a campaign that take codes, and a minimum somebody can meet', async () => {
    const coupon = await promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 100, currency: 'EUR' } });
    const killed = await promotions.campaign();
    await promotions.decide(`campaigns/${killed.id}`, 'kill', killed.version);
    const post = (fields: Fields) => fin.post(`${root}/codes`, { ...codeBody, couponId: coupon.id, code: 'NEVER', ...fields });
    expect(await post({ couponId: killed.id })).toMatchObject({ status: 422, body: { errors: [{ path: 'body.couponId' }] } });
    expect(await post({ campaignId: killed.id })).toMatchObject({ status: 422, body: { errors: [{ path: 'body.campaignId' }] } });
    expect(await post({ minimumAmount: { amountMinor: 1, currency: 'USD' } })).toMatchObject({ status: 422, body: { errors: [{ path: 'body.minimumAmount' }] } });
  });
});

describe('a batch', () => {
  const create = async (fields: Fields) => {
    const { userId: _none, ...restrictions } = codeBody;
    return fin.post(`${root}/batches`, { ...restrictions, count: 5, prefix: 'B', length: 10, ...fields });
  };
  const batchOf = async (id: string) => ok<CodeBatch>(await fin.get(`${root}/batches/${id}`));

  test('makes unique codes nobody mistakes, shows how far it is, and is exported when it is done', async () => {
    const coupon = await promotions.coupon({ name: '=HYPERLINK("x")' });
    const { id } = ok<{ batch: CodeBatch }>(await create({ couponId: coupon.id, count: 4_500, maxRedemptions: 1 })).batch;
    expect(await fin.post(`${root}/batches/${id}/export`, { reason })).toMatchObject({ status: 409, body: { code: 'batch_unfinished' } });
    expect(await batchOf(id)).toMatchObject({ state: 'queued', made: 0, count: 4_500, createdBy: 'fin@acme.example' });
    await makeWaitingCodes(api.database, () => NOW);
    expect(await batchOf(id)).toMatchObject({ state: 'done', made: 4_500, finishedAt: NOW.toISOString() });
    const file = await fin.post(`${root}/batches/${id}/export`, { reason });
    const lines = String(file.body).trimEnd().split('\r\n');
    expect(lines).toHaveLength(4_501);
    const codes = lines.slice(1).map((line) => /^"([^"]+)"/.exec(line)?.[1] ?? '');
    expect(new Set(codes).size).toBe(4_500);
    expect(codes.filter((code) => !/^B[2-9A-HJ-KMNP-Z]{10}$/.test(code))).toEqual([]);
    // A formula is text, and every row says who took it.
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
    expect(lines.every((line, index) => index === 0 || line.includes('fin@acme.example '))).toBe(true);
  });

  test('is finished by whichever workers there are, without a code too many, also after one was killed in the middle', async () => {
    const { id } = ok<{ batch: CodeBatch }>(await create({ couponId: (await promotions.coupon()).id, count: 6_001 })).batch;
    await api.db.pool.query(`UPDATE admin_center.code_batch SET state = 'running' WHERE batch_id = $1`, [id]);
    await Promise.all([1, 2, 3].map(() => makeWaitingCodes(api.database, () => NOW)));
    await makeWaitingCodes(api.database, () => NOW);
    expect(await batchOf(id)).toMatchObject({ state: 'done', made: 6_001 });
    expect((await api.db.pool.query('SELECT count(*) AS made FROM admin_center.promotion_code WHERE batch_id = $1', [id])).rows).toEqual([{ made: 6_001 }]);
  });

  test('is at most 100,000 codes', async () => {
    expect(await create({ couponId: (await promotions.coupon()).id, count: 100_001 })).toMatchObject({ status: 422, body: { errors: [{ path: 'body.count' }] } });
  });
});

describe('a campaign', () => {
  test('is scheduled, runs and is over by the clock, and its key is used once', async () => {
    const states = await Promise.all([
      promotions.campaign({ key: 'later', startsAt: '2026-07-16T00:00:00Z' }),
      promotions.campaign({ key: 'closed-now', openings: [{ days: ['sat'], from: '00:00', to: '24:00' }] }),
      promotions.campaign({ key: 'ends-now', endsAt: '2026-07-15T12:00:01Z' }),
    ]);
    expect(states.map(({ state, open }) => [state, open])).toEqual([['scheduled', false], ['running', false], ['running', true]]);
    expect(await fin.post(`${root}/campaigns`, { ...campaignBody, key: 'later' })).toMatchObject({ status: 409, body: { code: 'campaign_key_taken' } });
    const late = await promotions.draftCampaign({ startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-07-15T12:00:00Z' });
    expect(await promotions.decide(`campaigns/${late.id}`, 'activate', 1)).toMatchObject({ status: 409, body: { code: 'campaign_over' } });
  });

  test.each<[string, Fields, string]>([
    ['a zone there is none of', { zone: 'Europe/Atlantis' }, 'body.zone'],
    ['an end before its start', { endsAt: '2025-12-31T00:00:00Z' }, 'body.endsAt'],
    ['two budgets in one currency', { budgets: [{ currency: 'USD', limitMinor: 1 }, { currency: 'USD', limitMinor: 2 }] }, 'body.budgets'],
    ['an opening over midnight', { openings: [{ days: ['fri'], from: '22:00', to: '02:00' }] }, 'body.openings.0'],
    ['a key that is no name', { key: 'Spring Sale' }, 'body.key'],
  ])('has not %s', async (_what, fields, path) => {
    expect(await fin.post(`${root}/campaigns`, { ...campaignBody, key: 'nonsense', ...fields })).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  test('keeps its hold-out once it runs, and a budget above what was spent', async () => {
    const campaign = await promotions.campaign({ budgets: [{ currency: 'USD', limitMinor: 10_000 }] });
    await api.db.pool.query('UPDATE admin_center.campaign_budget SET spent_minor = 4000, exhausted_at = now() WHERE campaign_id = $1', [campaign.id]);
    const change = (fields: Fields) => patch(`campaigns/${campaign.id}`, { version: campaign.version, ...fields });
    expect(await change({ holdoutShare: 0.1 })).toMatchObject({ status: 409, body: { code: 'campaign_frozen' } });
    expect(await change({ budgets: [{ currency: 'USD', limitMinor: 3_999 }] })).toMatchObject({ status: 409, body: { code: 'budget_too_low' } });
    expect(await change({ budgets: [{ currency: 'EUR', limitMinor: 50_000 }] })).toMatchObject({ status: 409, body: { code: 'budget_too_low' } });
    expect(await change({ budgets: [] })).toMatchObject({ status: 409, body: { code: 'budget_in_use' } });
    expect(await change({ budgets: [{ currency: 'USD', limitMinor: 12_000 }] })).toMatchObject({
      status: 200, body: { campaign: { state: 'running', budgets: [{ currency: 'USD', limitMinor: 12_000, spentMinor: 4_000 }] } },
    });
  });

  test('that runs on a budget is killed with the approval of another admin only, and then once', async () => {
    const campaign = await promotions.campaign({ budgets: [{ currency: 'USD', limitMinor: 10_000 }] });
    const preview = ok<PromotionPreview>(await fin.get(`${root}/campaigns/${campaign.id}/kill-preview`));
    expect(preview.approval).toBe('needed');
    const kill = () => fin.post(`${root}/campaigns/${campaign.id}/kill`, { reason, version: campaign.version, previewToken: preview.token });
    const refused = await kill();
    expect(refused).toMatchObject({ status: 409, body: { code: 'approval_needed', ticket: expect.any(String) } });
    expect(ok<Campaign>(await fin.get(`${root}/campaigns/${campaign.id}`)).state).toBe('running');
    const { approval } = ok<{ approval: { id: string } }>(await fin.post('/api/v1/audit/approvals', { ticket: (refused.body as { ticket: string }).ticket, reason }));
    ok(await api.as({ email: 'ada@acme.example' }).post(`/api/v1/audit/approvals/${approval.id}/approve`, { reason }));
    expect(await kill()).toMatchObject({ status: 200, body: { campaign: { state: 'killed' } } });
  });

  test('without a budget is killed at once', async () => {
    const campaign = await promotions.campaign();
    expect(await promotions.decide(`campaigns/${campaign.id}`, 'kill', campaign.version)).toMatchObject({ status: 200, body: { campaign: { state: 'killed' } } });
    expect(await patch(`campaigns/${campaign.id}`, { version: campaign.version + 1, name: 'Again' })).toMatchObject({ status: 409, body: { code: 'campaign_ended' } });
  });
});

describe('previews', () => {
  beforeAll(async () => {
    const { make } = api.db;
    for (const tier of ['premium', 'premium', 'enterprise'] as const) {
      const { id } = await make.user();
      const createdAt = new Date(Date.now() - 86_400_000);
      const subscription = await make.subscription(id, { tier, createdAt });
      await make.payment(id, { subscriptionId: subscription.id, amount: tier === 'premium' ? '9.99' : '99.99', createdAt });
    }
    await api.db.pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');
  });

  test('show who could redeem, and the most it can cost against the budget', async () => {
    const coupon = await promotions.draftCoupon({ tiers: ['premium'], duration: { kind: 'repeating', months: 3 }, discount: { kind: 'percent', percentOff: 10 } });
    const campaign = await promotions.draftCampaign({ budgets: [{ currency: 'USD', limitMinor: 50_000 }, { currency: 'EUR', limitMinor: 9_000 }] });
    const path = `${root}/campaigns/${campaign.id}/activate-preview`;
    const empty = ok<PromotionPreview>(await fin.get(path));
    expect(empty).toMatchObject({ codes: 0, worstCase: [{ currency: 'EUR' }, { currency: 'USD' }].map((cost) => expect.objectContaining({ ...cost, discountMinor: 0 })), warnings: expect.arrayContaining([expect.stringContaining('no code')]) });
    await promotions.code(coupon.id, { campaignId: campaign.id, maxRedemptions: 40 });
    const preview = ok<PromotionPreview>(await fin.get(path));
    const { users, tiers, mrr } = preview;
    expect(tiers.enterprise).toBeUndefined();
    expect(users).toBe((tiers.free ?? 0) + (tiers.premium ?? 0));
    expect(tiers.premium).toBe(2);
    expect(mrr).toEqual([{ currency: 'USD', amountMinor: 1_998 }]);
    // 10% of the dearest premium price (29.99) is 3.00; 40 times for 3 months.
    expect(preview.worstCase).toEqual([{ currency: 'USD', discountMinor: 36_000, budgetMinor: 50_000 }, { currency: 'EUR', discountMinor: 0, budgetMinor: 9_000 }]);
    expect(preview.warnings).toEqual(expect.arrayContaining([expect.stringContaining('hold-out'), expect.stringContaining('drafts')]));
    // What changed since is not executed.
    expect(await fin.post(`${root}/campaigns/${campaign.id}/activate`, { reason, version: 1, previewToken: empty.token })).toMatchObject({ status: 409, body: { code: 'preview_stale', preview: { codes: 1 } } });
    expect(await fin.post(`${root}/campaigns/${campaign.id}/activate`, { reason, version: 1, previewToken: preview.token })).toMatchObject({ status: 200 });
  });

  test('say when nothing bounds the cost, and when codes are for certain users only', async () => {
    const coupon = await promotions.draftCoupon({ discount: { kind: 'amount', amountOffMinor: 50_000, currency: 'USD' } });
    await promotions.code(coupon.id);
    expect(ok<PromotionPreview>(await fin.get(`${root}/coupons/${coupon.id}/activate-preview`)).worstCase).toEqual([{ currency: 'USD', discountMinor: null, budgetMinor: null }]);
    const bound = await promotions.draftCoupon({ discount: { kind: 'amount', amountOffMinor: 50_000, currency: 'USD' } });
    const { id } = await api.db.make.user();
    await api.db.pool.query('SELECT admin_center.refresh_user_directory(true)');
    await promotions.code(bound.id, { userId: id, maxPerUser: 2 });
    // More than the dearest plan (99.99) cannot be taken off it.
    expect(ok<PromotionPreview>(await fin.get(`${root}/coupons/${bound.id}/activate-preview`))).toMatchObject({ users: 1, tiers: { free: 1 }, worstCase: [{ discountMinor: 2 * 9_999 }] });
  });
});

describe('the price preview', () => {
  const preview = async (userId: string, code: string) => ok<Record<string, unknown>>(await fin.get(`${root}/price-preview`, { userId, code }));

  test('stacks percent before amount on what the user pays, redeems nothing, and refuses all where one is refused', async () => {
    const { id } = await api.db.make.user();
    const createdAt = new Date(Date.now() - 86_400_000);
    const subscription = await api.db.make.subscription(id, { createdAt });
    await api.db.make.payment(id, { subscriptionId: subscription.id, amount: '9.99', createdAt });
    await api.db.pool.query('SELECT admin_center.refresh_user_directory(true), admin_center.refresh_recurring_revenue(true)');
    const amount = await promotions.code((await promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 300, currency: 'USD' }, duration: { kind: 'forever' } })).id);
    const percent = await promotions.code((await promotions.coupon({ discount: { kind: 'percent', percentOff: 50 } })).id);
    expect(await preview(id, `${amount.code},${percent.code}`)).toMatchObject({
      result: 'applied', currency: 'USD', subtotalMinor: 999, totalMinor: 199,
      discounts: [{ code: percent.code, amountMinor: 500, forMonths: 1 }, { code: amount.code, amountMinor: 300, forMonths: null }],
    });
    const euros = await promotions.code((await promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 300, currency: 'EUR' } })).id);
    expect(await preview(id, `${amount.code},${euros.code}`)).toMatchObject({ result: 'currency_mismatch', totalMinor: 999, discounts: [] });
    expect((await api.db.pool.query('SELECT FROM admin_center.redemption WHERE user_id = $1', [id])).rows).toEqual([]);
  });

  test('says that a user without a paid plan has no invoice', async () => {
    expect(await preview((await api.db.make.user()).id, 'ANY')).toMatchObject({ result: 'not_eligible', subtotalMinor: null });
    expect(await fin.get(`${root}/price-preview`, { userId: '00000000-0000-4000-8000-000000000000', code: 'ANY' })).toMatchObject({ status: 404 });
  });
});

test('analytics say what they are based on, and what was redeemed on which day of the campaign’s zone', async () => {
  const host = await startHost(api);
  const campaign = await promotions.campaign({ zone: 'Pacific/Auckland' });
  const { code } = await promotions.code((await promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 200, currency: 'USD' } })).id, { campaignId: campaign.id });
  const { id } = await api.db.make.user();
  await api.db.make.payment(id, { amount: '7.99', createdAt: new Date('2026-07-01T00:00:00Z') });
  await host.redeem({ code, userId: id });
  await api.db.make.payment(id, { amount: '7.99', createdAt: new Date('2026-07-15T12:00:05Z') });
  expect(ok(await fin.get(`${root}/campaigns/${campaign.id}/analytics`))).toEqual({
    basis: 'attributed', redemptions: 1, byDay: [{ day: '2026-07-16', redemptions: 1 }],
    returns: [{
      currency: 'USD', treated: { users: 1, payers: 1, revenueMinor: 799 }, holdout: { users: 0, payers: 0, revenueMinor: 0 },
      discountMinor: 200, rewardMinor: 0, marginMinor: 999, roi: (999 - 200) / 200, cannibalisedShare: 1,
    }],
  });
});

test('the worker keeps what campaigns with a hold-out returned', async () => {
  const campaign = await promotions.campaign({ holdoutShare: 0.25 });
  const coupon = await promotions.coupon();
  const { id: codeId } = await promotions.code(coupon.id, { campaignId: campaign.id });
  const [treated, heldOut] = [await api.db.make.user(), await api.db.make.user()];
  await api.db.pool.query(
    "INSERT INTO admin_center.campaign_member (campaign_id, user_id, arm, paid_before, assigned_at) VALUES ($1, $2, 'treated', false, $4), ($1, $3, 'holdout', false, $4)",
    [campaign.id, treated.id, heldOut.id, NOW],
  );
  await api.db.pool.query(
    `INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     VALUES ('kept', $1, $2, $3, $4, $5, 1000, 200, 200, 'USD', 'premium')`,
    [codeId, coupon.id, campaign.id, treated.id, NOW],
  );
  await keepReturns(api.database);
  expect((await api.db.pool.query('SELECT roi FROM admin_center.campaign_roi WHERE campaign = $1', [campaign.key])).rows).toEqual([{ roi: -1 }]);
});
