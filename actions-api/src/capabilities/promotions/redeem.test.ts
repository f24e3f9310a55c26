// Redeeming through the host's endpoint: every reason to refuse, retries, and limits that hold under races.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { type Fields, ok, promotionsOf, reason, startHost } from '../../../test/promotions.ts';
import { relayBatch } from '../../platform/outbox/relay.ts';
import { armOf } from './holdout.ts';
import { hasPaid } from './paid-before.ts';

let now = new Date('2026-07-15T12:00:00Z');
let api: TestApi;
let promotions: ReturnType<typeof promotionsOf>;
let host: Awaited<ReturnType<typeof startHost>>;

beforeAll(async () => {
  api = await startTestApi({ now: () => now });
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  promotions = promotionsOf(api.as({ email: 'fin@acme.example' }));
  host = await startHost(api);
});
afterAll(() => api.close());

const user = async () => (await api.db.make.user()).id;
const redeem = async (fields: Fields) => ok<{ result: string; replayed?: boolean; retryAfterSeconds?: number; redemption?: { discountMinor: number; totalMinor: number; redemptionId: string } }>(await host.redeem(fields));
const rows = async <Row>(text: string, values: unknown[] = []) => (await api.db.pool.query(text, values)).rows as Row[];
const counted = async (campaign: string, result: string) =>
  (await rows<{ value: number }>(`SELECT value FROM admin_center.tally WHERE metric = 'admincenter_coupon_redemptions_total' AND labels = $1`, [{ campaign, result }]))[0]?.value;

describe('a code', () => {
  test('takes its discount off, is counted and audited, and a retry gets the same answer without redeeming again', async () => {
    const coupon = await promotions.coupon({ discount: { kind: 'percent', percentOff: 12.5 } });
    const { id, code } = await promotions.code(coupon.id);
    const request = { code: ` ${code.toLowerCase()} `, userId: await user(), reference: randomUUID() };
    const before = (await counted('none', 'applied')) ?? 0;
    const first = await redeem(request);
    expect(first).toMatchObject({ result: 'applied', replayed: false, redemption: { discountMinor: 125, totalMinor: 874 } });
    expect(await redeem(request)).toEqual({ ...first, replayed: true });
    expect(await counted('none', 'applied')).toBe(before + 1);
    expect(await rows(`SELECT l.action, l.actor_subject, l.actor_role, d.after ->> 'discountMinor' AS discount FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE l.target_id = $1 AND l.action = 'promotions.redeem'`, [id])).toEqual([
      { action: 'promotions.redeem', actor_subject: 'system:redemption', actor_role: 'system', discount: '125' },
    ]);
  });

  test('that a reference was used for is not redeemed under it by another user or with another code', async () => {
    const coupon = await promotions.coupon();
    const [one, other] = [await promotions.code(coupon.id), await promotions.code(coupon.id)];
    const request = { code: one.code, userId: await user(), reference: randomUUID() };
    await redeem(request);
    for (const changed of [{ ...request, code: other.code }, { ...request, userId: await user() }]) {
      expect(await host.redeem(changed)).toMatchObject({ status: 422, body: { code: 'reference_reused' } });
    }
  });

  test.each<[string, string, Fields, Fields, Fields]>([
    ['inactive', 'its coupon is a draft', { draft: true }, {}, {}],
    ['expired', 'its coupon has ended', { redeemBy: '2026-07-15T11:59:59Z' }, {}, {}],
    ['expired', 'it has expired', {}, { expiresAt: '2026-07-15T12:00:00Z' }, {}],
    ['not_eligible', 'it is for other plans', { tiers: ['enterprise'] }, {}, {}],
    ['not_eligible', 'it is bound to somebody else', {}, { userId: randomUUID() }, {}],
    ['not_eligible', 'there is no such user', {}, {}, { userId: randomUUID() }],
    ['currency_mismatch', 'its amount is in another currency', { discount: { kind: 'amount', amountOffMinor: 100, currency: 'EUR' } }, {}, {}],
    ['currency_mismatch', 'its minimum is in another currency, whatever the amount', {}, { minimumAmount: { amountMinor: 1, currency: 'EUR' } }, { amountMinor: 1_000_000 }],
    ['below_minimum', 'the invoice is too small', {}, { minimumAmount: { amountMinor: 1_000, currency: 'USD' } }, { amountMinor: 999 }],
  ])('answers %s when %s, in validating and in redeeming', async (result, _why, couponFields, codeFields, request) => {
    const { draft, ...fields } = couponFields as { draft?: boolean };
    const coupon = await (draft === true ? promotions.draftCoupon(fields) : promotions.coupon(fields));
    const { code } = await promotions.code(coupon.id, codeFields);
    const asked = { code, userId: await user(), ...request };
    const before = (await counted('none', result)) ?? 0;
    expect(ok(await host.validate(asked))).toEqual({ result });
    expect(await redeem(asked)).toEqual({ result });
    expect(await counted('none', result)).toBe(before + 2);
    expect(await rows('SELECT FROM admin_center.redemption WHERE user_id = $1', [asked.userId])).toEqual([]);
  });

  test('for first payments is not for who has paid, be it refunded since', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id, { firstTimeTransaction: true });
    const [fresh, payer, failed] = [await user(), await user(), await user()];
    await api.db.make.payment(payer, { status: 'refunded' });
    await api.db.make.payment(failed, { status: 'failed' });
    expect((await redeem({ code, userId: payer })).result).toBe('not_first_time');
    expect([(await redeem({ code, userId: fresh })).result, (await redeem({ code, userId: failed })).result]).toEqual(['applied', 'applied']);
  });

  test('for first payments reads nothing of the host for one user while the worker keeps up, and all of it where it may not know', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id, { firstTimeTransaction: true, maxPerUser: 5 });
    const [known, late, taker, never] = [await user(), await user(), await user(), await user()];
    await api.db.make.payment(known, { status: 'succeeded' });
    await api.db.pool.query('SELECT admin_center.refresh_paying_users()');
    const read = async (userId: string) => {
      const { rows: plan } = await api.db.pool.query<{ 'QUERY PLAN': string }>(compiled(userId).sql, [...compiled(userId).parameters]);
      const text = plan.map((line) => line['QUERY PLAN']).join('\n');
      return /on payment_transactions(?: \w+)? \(actual/.test(text);
    };
    const compiled = (userId: string) => sql`EXPLAIN (ANALYZE, COSTS OFF) SELECT ${hasPaid(userId)} AS paid`.compile(api.database);
    expect([await read(known), await read(never)]).toEqual([false, false]);
    expect((await redeem({ code, userId: known })).result).toBe('not_first_time');

    // Seen with the next visit of the worker, also when an older payment succeeds only now.
    const { id } = await api.db.make.payment(late, { status: 'pending' });
    await api.db.pool.query("UPDATE public.payment_transactions SET status = 'succeeded' WHERE id = $1", [id]);
    await api.db.pool.query('SELECT admin_center.refresh_paying_users()');
    expect((await redeem({ code, userId: late })).result).toBe('not_first_time');

    // Who takes a code pays with it: the second try is answered by the host itself.
    now = new Date();
    expect((await redeem({ code, userId: taker })).result).toBe('applied');
    await api.db.make.payment(taker, { status: 'succeeded' });
    expect(await read(taker)).toBe(true);
    expect((await redeem({ code, userId: taker })).result).toBe('not_first_time');
    now = new Date('2026-07-15T12:00:00Z');

    await api.db.pool.query("UPDATE admin_center.paying_user_watermark SET at = now() - interval '2 minutes'");
    expect(await read(never)).toBe(true);
    await api.db.pool.query("UPDATE public.payment_transactions SET status = 'failed' WHERE user_id = $1", [known]);
    await api.db.pool.query('SELECT admin_center.refresh_paying_users(true)');
    expect((await redeem({ code, userId: known })).result).toBe('applied');
  });

  test('is not for a suspended user', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id);
    const { id } = await api.db.make.user({ suspendedAt: new Date() });
    expect((await redeem({ code, userId: id })).result).toBe('not_eligible');
  });

  test('is neither redeemed with a client key nor without one, and what is asked is checked', async () => {
    expect(await fetch(`${api.baseUrl}/sdk/v1/promotions/redeem`, { method: 'POST' })).toMatchObject({ status: 401 });
    expect(await host.redeem({ code: 'X', userId: 'me', amountMinor: -1 })).toMatchObject({
      status: 422, body: { code: 'body_invalid', errors: expect.arrayContaining([expect.objectContaining({ path: 'body.userId' }), expect.objectContaining({ path: 'body.amountMinor' })]) },
    });
  });
});

describe('limits under races', () => {
  const users = async (count: number) => Promise.all(Array.from({ length: count }, user));
  const results = async (requests: readonly Fields[]) => {
    const answers = await Promise.all(requests.map(redeem));
    return Object.fromEntries([...new Set(answers.map(({ result }) => result))].sort().map((result) => [result, answers.filter((answer) => answer.result === result).length]));
  };

  test('of a code: 100 at once for 10, exactly 10', async () => {
    const { id, code } = await promotions.code((await promotions.coupon()).id, { maxRedemptions: 10 });
    const people = await users(100);
    expect(await results(people.map((userId) => ({ code, userId })))).toEqual({ applied: 10, exhausted: 90 });
    expect(await rows('SELECT times_redeemed FROM admin_center.promotion_code WHERE code_id = $1', [id])).toEqual([{ times_redeemed: 10 }]);
    expect(await rows('SELECT count(*) AS given FROM admin_center.redemption WHERE code_id = $1', [id])).toEqual([{ given: 10 }]);
  });

  test('of a coupon over all its codes', async () => {
    const coupon = await promotions.coupon({ maxRedemptions: 7 });
    const codes = await Promise.all([1, 2, 3].map(() => promotions.code(coupon.id)));
    const people = await users(30);
    expect(await results(people.map((userId, index) => ({ code: codes[index % 3]?.code, userId })))).toEqual({ applied: 7, exhausted: 23 });
  });

  test('of one user', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id, { maxPerUser: 2 });
    const userId = await user();
    expect(await results(Array.from({ length: 20 }, () => ({ code, userId })))).toEqual({ already_redeemed: 18, applied: 2 });
  });

  test('of a budget: not a unit more than it, and the campaign knows that it is spent', async () => {
    const campaign = await promotions.campaign({ budgets: [{ currency: 'USD', limitMinor: 1_050 }] });
    const coupon = await promotions.coupon({ discount: { kind: 'amount', amountOffMinor: 100, currency: 'USD' } });
    const { code } = await promotions.code(coupon.id, { campaignId: campaign.id });
    const people = await users(40);
    expect(await results(people.map((userId) => ({ code, userId })))).toEqual({ applied: 10, budget_exhausted: 30 });
    const shown = ok(await api.as({ email: 'fin@acme.example' }).get(`/api/v1/promotions/campaigns/${campaign.id}`));
    expect(shown).toMatchObject({ state: 'exhausted', open: false, redemptions: 10, budgets: [{ currency: 'USD', limitMinor: 1_050, spentMinor: 1_000 }] });
    expect([await counted(campaign.key, 'applied'), await counted(campaign.key, 'budget_exhausted'), await counted(campaign.key, 'unknown_code')]).toEqual([10, 30, 0]);
  });

  test('of a reference: twenty at once are one redemption', async () => {
    const { id, code } = await promotions.code((await promotions.coupon()).id, { maxRedemptions: 1 });
    const request = { code, userId: await user(), reference: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(request)));
    expect(new Set(answers.map(({ redemption }) => redemption?.redemptionId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed === false)).toHaveLength(1);
    expect(await rows('SELECT count(*) AS given FROM admin_center.redemption WHERE code_id = $1', [id])).toEqual([{ given: 1 }]);
  });

  test('nothing is redeemed after a kill has answered, and what was given is all counted', async () => {
    const campaign = await promotions.campaign();
    const { id, code } = await promotions.code((await promotions.coupon()).id, { campaignId: campaign.id });
    const people = await users(60);
    let killed = false;
    const afterKill: string[] = [];
    const running = people.map(async (userId, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 4));
      const late = killed;
      const { result } = await redeem({ code, userId });
      if (late) {
        afterKill.push(result);
      }
      return result;
    });
    const kill = await promotions.decide(`campaigns/${campaign.id}`, 'kill', campaign.version);
    killed = true;
    expect(kill.status).toBe(200);
    const given = (await Promise.all(running)).filter((result) => result === 'applied').length;
    afterKill.push((await redeem({ code, userId: people[0] as string })).result);
    expect(new Set(afterKill)).toEqual(new Set(['inactive']));
    expect(await rows('SELECT count(*) AS given FROM admin_center.redemption WHERE code_id = $1', [id])).toEqual([{ given }]);
  });
});

describe('a campaign', () => {
  const offered = async (campaignFields: Fields, couponFields: Fields = {}) => {
    const campaign = await promotions.campaign(campaignFields);
    const { code } = await promotions.code((await promotions.coupon(couponFields)).id, { campaignId: campaign.id });
    return { campaign, code };
  };

  test('opens its codes at its start and in its hours only, and closes them at its end', async () => {
    const { code } = await offered({ startsAt: '2026-07-16T00:00:00Z', endsAt: '2026-07-18T00:00:00Z', zone: 'Europe/Berlin', openings: [{ days: ['thu', 'fri'], from: '18:00', to: '20:00' }] });
    const at = async (time: string) => {
      now = new Date(time);
      return (await redeem({ code, userId: await user() })).result;
    };
    expect(await at('2026-07-15T17:00:00Z')).toBe('outside_window');
    expect(await at('2026-07-16T15:59:00Z')).toBe('outside_window');
    expect(await at('2026-07-16T16:00:00Z')).toBe('applied');
    expect(await at('2026-07-17T18:00:00Z')).toBe('outside_window');
    expect(await at('2026-07-18T00:00:00Z')).toBe('expired');
    now = new Date('2026-07-15T12:00:00Z');
  });

  test('refuses a currency it has no budget in', async () => {
    const { code } = await offered({ budgets: [{ currency: 'EUR', limitMinor: 100_000 }] });
    expect((await redeem({ code, userId: await user(), currency: 'USD' })).result).toBe('currency_mismatch');
    expect((await redeem({ code, userId: await user(), currency: 'EUR' })).result).toBe('applied');
  });

  test('is charged for the whole duration, a yearly plan for its invoices', async () => {
    const { campaign, code } = await offered({ budgets: [{ currency: 'USD', limitMinor: 1_000_000 }] }, { duration: { kind: 'repeating', months: 3 }, discount: { kind: 'percent', percentOff: 50 } });
    await redeem({ code, userId: await user(), amountMinor: 1_000 });
    await redeem({ code, userId: await user(), amountMinor: 10_000, interval: 'year' });
    expect(await rows('SELECT spent_minor FROM admin_center.campaign_budget WHERE campaign_id = $1', [campaign.id])).toEqual([{ spent_minor: 3 * 500 + 5_000 }]);
  });

  test('gives its hold-out nothing, and assigns both sides at the first try, for good', async () => {
    const { campaign, code } = await offered({ holdoutShare: 0.5 });
    const people = await Promise.all(Array.from({ length: 24 }, user));
    const arms = people.map((userId) => armOf(campaign.key, 0.5, userId));
    expect(new Set(arms)).toEqual(new Set(['treated', 'holdout']));
    const validated = await Promise.all(people.slice(0, 12).map(async (userId) => ok<{ result: string }>(await host.validate({ code, userId })).result));
    const redeemed = await Promise.all(people.map(async (userId) => (await redeem({ code, userId })).result));
    expect(redeemed).toEqual(arms.map((arm) => (arm === 'holdout' ? 'holdout' : 'applied')));
    expect(validated).toEqual(redeemed.slice(0, 12));
    const members = await rows<{ user_id: string; arm: string }>('SELECT user_id, arm FROM admin_center.campaign_member WHERE campaign_id = $1', [campaign.id]);
    expect(new Map(members.map(({ user_id, arm }) => [user_id, arm]))).toEqual(new Map(people.map((userId, index) => [userId, arms[index]])));
  });
});

describe('who guesses codes', () => {
  const guess = (fields: Fields) => redeem({ code: `NO-${randomUUID().slice(0, 8)}`, ...fields });

  test('is held back by account after ten wrong ones, even from the right one, and others are not', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id);
    const userId = await user();
    for (let count = 0; count < 10; count++) {
      expect((await guess({ userId })).result).toBe('unknown_code');
    }
    const held = await redeem({ code, userId });
    expect(held).toMatchObject({ result: 'throttled', retryAfterSeconds: expect.any(Number) });
    expect(held.retryAfterSeconds).toBeGreaterThan(3_000);
    expect((await redeem({ code, userId: await user() })).result).toBe('applied');
  });

  test('is held back by address after thirty, whatever the accounts', async () => {
    const ip = '198.51.100.77';
    const answers = [];
    for (let count = 0; count < 33; count++) {
      answers.push((await guess({ userId: await user(), ip })).result);
    }
    expect(answers).toEqual([...Array(30).fill('unknown_code'), 'throttled', 'throttled', 'throttled']);
    expect((await guess({ userId: await user(), ip: '198.51.100.78' })).result).toBe('unknown_code');
  });

  test('at once learns nothing beyond the limit, not even of the right one', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id);
    const ip = '198.51.100.90';
    for (let count = 0; count < 29; count++) {
      await guess({ userId: await user(), ip });
    }
    const people = await Promise.all(Array.from({ length: 20 }, user));
    const last = await user();
    const validate = async (fields: Fields) => ok<{ result: string }>(await host.validate({ ip, ...fields }));
    const answers = await Promise.all([...people.map((userId) => validate({ code: `NO-${randomUUID().slice(0, 8)}`, userId })), validate({ code, userId: last })]);
    expect(answers.filter(({ result }) => result === 'unknown_code')).toHaveLength(1);
    expect(answers.at(-1)).toMatchObject({ result: 'throttled' });
  });

  test('holds back nobody else: a busy address with right codes is never throttled', async () => {
    const { code } = await promotions.code((await promotions.coupon()).id);
    const people = await Promise.all(Array.from({ length: 60 }, user));
    const answers = await Promise.all(people.map(async (userId) => ok<{ result: string }>(await host.validate({ code, userId, ip: '198.51.100.91' })).result));
    expect(new Set(answers)).toEqual(new Set(['applied']));
  });

  test('is one address in all of its /64, and in IPv6 clothes', async () => {
    for (let count = 0; count < 30; count++) {
      await guess({ userId: await user(), ip: `2001:db8:7:7::${count.toString(16)}` });
      await guess({ userId: await user(), ip: count % 2 === 0 ? '::ffff:198.51.100.92' : '198.51.100.92' });
    }
    for (const ip of ['2001:DB8:7:7:ffff::1', '198.51.100.92', '::ffff:c633:645c']) {
      expect([ip, (await guess({ userId: await user(), ip })).result]).toEqual([ip, 'throttled']);
    }
    expect((await guess({ userId: await user(), ip: '2001:db8:7:8::1' })).result).toBe('unknown_code');
  });

  test('at once gets no more answers than the limit', async () => {
    const userId = await user();
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess({ userId })));
    expect(answers.filter(({ result }) => result === 'unknown_code')).toHaveLength(10);
  });
});

test('a redemption makes no mark on the graphs; what an admin does makes one', async () => {
  const coupon = await promotions.coupon();
  const { id, code } = await promotions.code(coupon.id);
  expect((await redeem({ code, userId: await user() })).result).toBe('applied');
  while ((await relayBatch(api.database, true)).count > 0) {
    // Everything that waits.
  }
  const marks = await rows<{ title: string }>(`SELECT m.title FROM admin_center.mark m JOIN admin_center.audit_log l ON l.sequence = m.audit_sequence WHERE l.target_id = $1`, [id]);
  expect(marks).toEqual([{ title: 'promotions.code_create' }]);
  expect(await rows(`SELECT FROM admin_center.outbox o JOIN admin_center.audit_log l ON l.sequence = o.audit_sequence WHERE l.action = 'promotions.redeem' AND o.annotation_due IS NOT NULL`)).toEqual([]);
});

test('what a test says about the reason is kept with the change', async () => {
  const coupon = await promotions.coupon();
  expect(ok(await api.as({ email: 'fin@acme.example' }).get(`/api/v1/promotions/coupons/${coupon.id}`))).toMatchObject({
    history: [{ action: 'promotions.coupon_activate', actor: 'fin@acme.example', reason }, { action: 'promotions.coupon_create' }],
  });
});
