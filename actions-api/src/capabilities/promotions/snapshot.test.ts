// What takes several statements is of one instant, although somebody redeems between two of them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CampaignAnalytics, PromotionPreview } from '@admin-center/contracts/promotions';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { eventually } from '../../../test/process.ts';
import { ok, promotionsOf, startHost } from '../../../test/promotions.ts';

const root = '/api/v1/promotions';
let api: TestApi;
let fin: Client;
let host: Awaited<ReturnType<typeof startHost>>;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  host = await startHost(api);
});
afterAll(() => api.close());

/** A running campaign with a budget and one redemption. */
async function running() {
  const promotions = promotionsOf(fin);
  const campaign = await promotions.campaign({ budgets: [{ currency: 'USD', limitMinor: 1_000_000 }] });
  const coupon = await promotions.coupon();
  const { id: codeId, code } = await promotions.code(coupon.id, { campaignId: campaign.id });
  ok(await host.redeem({ code, userId: (await api.db.make.user()).id }));
  return { campaignId: campaign.id, codeId };
}

/** Answers what was asked for while `table` could not be read, and was changed before it could. */
async function askedDuring<T>(table: string, send: () => Promise<T>, change: string, values: readonly unknown[]): Promise<T> {
  const client = await api.db.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    const answer = send();
    await eventually(async () => Number((await api.db.pool.query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rows[0].count), (count) => count > 0);
    await client.query(change, [...values]);
    await client.query('COMMIT');
    return await answer;
  } finally {
    client.release();
  }
}

test('analytics: redemptions are those of the days', async () => {
  const { campaignId } = await running();
  const analytics = ok<CampaignAnalytics>(await askedDuring(
    'admin_center.redemption', () => fin.get(`${root}/campaigns/${campaignId}/analytics`),
    `WITH counted AS (UPDATE admin_center.campaign SET redemptions = redemptions + 1 WHERE campaign_id = $1)
     INSERT INTO admin_center.redemption (reference, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier)
     SELECT $2, code_id, coupon_id, campaign_id, user_id, at, subtotal_minor, discount_minor, committed_minor, currency, tier FROM admin_center.redemption WHERE campaign_id = $1`,
    [campaignId, randomUUID()],
  ));
  expect(analytics.byDay.reduce((sum, { redemptions }) => sum + redemptions, 0)).toBe(analytics.redemptions);
});

test('a preview: its token and its numbers are of the same codes', async () => {
  const { campaignId, codeId } = await running();
  const path = `${root}/campaigns/${campaignId}/kill-preview`;
  const before = ok<PromotionPreview>(await fin.get(path));
  const during = ok<PromotionPreview>(await askedDuring('admin_center.promotion_code', () => fin.get(path), 'UPDATE admin_center.promotion_code SET active = false WHERE code_id = $1', [codeId]));
  expect(during).toEqual(before);
});
