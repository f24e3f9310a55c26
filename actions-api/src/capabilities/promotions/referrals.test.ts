// Referrals through all their stages, by the host's reports and its payments, with a clock of our own.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Referral, ReferralProgramme } from '@admin-center/contracts/promotions';
import { createLogger } from '@admin-center/platform/log';
import { metrics } from '@opentelemetry/api';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { type Fields, ok, promotionsOf, reason, startHost } from '../../../test/promotions.ts';
import { createRecorder } from '../../platform/audited.ts';
import { networkOf, normalMailbox } from './identities.ts';
import { advanceReferrals } from './referral-job.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T09:00:00Z');
let now = new Date(START);
let api: TestApi;
let fin: Client;
let host: Awaited<ReturnType<typeof startHost>>;

beforeAll(async () => {
  api = await startTestApi({ now: () => now });
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  host = await startHost(api);
});
afterAll(() => api.close());

const root = '/api/v1/promotions';
const on = (days: number): Date => new Date(START + days * DAY);
const log = createLogger('test', 'silent');

async function setProgramme(fields: Fields): Promise<ReferralProgramme> {
  const { updatedAt: _at, history: _history, ...known } = ok<ReferralProgramme & { history: unknown }>(await fin.get(`${root}/referral-programme`));
  return ok<{ programme: ReferralProgramme }>(await fin.send('PUT', `${root}/referral-programme`, { body: { ...known, ...fields, reason } })).programme;
}

async function advance(at: Date): Promise<void> {
  const recorder = createRecorder(api.database, metrics.getMeter('test').createHistogram('duration'));
  await advanceReferrals({ database: api.database, recorder, clock: () => at, log });
}

const referrer = async (email = `${randomUUID()}@acme.example`) => {
  const { id } = await api.db.make.user({ email, createdAt: on(-100) });
  return { id, code: ok<{ code: string }>(await host.send('POST', '/referrals/codes', { userId: id })).code };
};
const click = async (code: string) => ok<{ clickId: string }>(await host.send('POST', '/referrals/clicks', { code })).clickId;
const signup = (clickId: string, userId: string, fields: Fields = {}) => host.send('POST', '/referrals/signups', { clickId, userId, ...fields });
const referralOf = async (id: string) => ok<Referral>(await fin.get(`${root}/referrals/${id}`));
const credits = async (referralId: string) => ok<{ credits: { referralId: string; userId: string; amountMinor: number; currency: string }[] }>(await host.send('GET', '/referrals/credits')).credits.filter((credit) => credit.referralId === referralId);
const counted = async (stage: string) => Number((await api.db.pool.query(`SELECT value FROM admin_center.tally WHERE metric = 'admincenter_referrals_total' AND labels = $1`, [{ stage }])).rows[0]?.value ?? 0);

/** Signed up on the first day through a click just before. */
async function referred() {
  now = on(0);
  const by = await referrer();
  const clickId = await click(by.code);
  const { id } = await api.db.make.user({ createdAt: on(0.01) });
  now = on(0.02);
  expect(ok(await signup(clickId, id))).toMatchObject({ referralId: clickId, stage: 'signup', signals: [] });
  return { id: clickId, by: by.id, referee: id };
}

test('while the programme is off, the host is told so', async () => {
  expect(await host.send('POST', '/referrals/clicks', { code: 'ANY' })).toMatchObject({ status: 409, body: { code: 'referrals_off' } });
  expect(await setProgramme({ enabled: true, reward: { amountMinor: 1_500, currency: 'USD' } })).toMatchObject({ enabled: true, windowDays: 30, holdDays: 7, clawbackDays: 30, version: 2 });
});

describe('a referral', () => {
  test('goes from a click to a reward after the first paid payment and the hold, each stage counted once', async () => {
    const before = await Promise.all(['click', 'signup', 'qualified', 'held', 'rewarded'].map(counted));
    const { id, by, referee } = await referred();
    await api.db.make.payment(referee, { status: 'failed', createdAt: on(1) });
    await api.db.make.payment(referee, { amount: '0.00', createdAt: on(1) });
    await advance(on(2));
    expect((await referralOf(id)).stage).toBe('signup');
    await api.db.make.payment(referee, { createdAt: on(3) });
    await advance(on(2.9));
    expect((await referralOf(id)).stage).toBe('signup');
    await advance(on(3.1));
    expect(await referralOf(id)).toMatchObject({ stage: 'held', qualifiedAt: on(3).toISOString(), heldUntil: on(10).toISOString(), reward: { amountMinor: 1_500, currency: 'USD' } });
    await advance(on(9.99));
    expect(await credits(id)).toEqual([]);
    await advance(on(10));
    await advance(on(10.1));
    expect(await referralOf(id)).toMatchObject({ stage: 'rewarded', rewardedAt: on(10).toISOString() });
    expect(await credits(id)).toMatchObject([{ userId: by, amountMinor: 1_500, currency: 'USD' }]);
    const after = await Promise.all(['click', 'signup', 'qualified', 'held', 'rewarded'].map(counted));
    expect(after.map((value, index) => value - (before[index] as number))).toEqual([1, 1, 1, 1, 1]);
  });

  test('is clawed back by a refund within 30 days of the payment: before the reward nothing is paid, after it is taken back', async () => {
    const [early, late, lasting] = [await referred(), await referred(), await referred()];
    const pay = async (referee: string) => (await api.db.make.payment(referee, { createdAt: on(1) })).id;
    const [one, two, three] = [await pay(early.referee), await pay(late.referee), await pay(lasting.referee)];
    await advance(on(1.1));
    await api.db.make.refund(one, { createdAt: on(5) });
    await api.db.make.refund(two, { createdAt: on(6), status: 'failed' });
    await advance(on(20));
    expect([(await referralOf(early.id)).stage, (await referralOf(late.id)).stage]).toEqual(['clawed_back', 'rewarded']);
    await api.db.make.refund(two, { createdAt: on(30.9) });
    await api.db.make.refund(three, { createdAt: on(31.1) });
    await advance(on(40));
    expect(await referralOf(late.id)).toMatchObject({ stage: 'clawed_back', clawedBackAt: on(40).toISOString() });
    expect((await referralOf(lasting.id)).stage).toBe('rewarded');
    expect(await credits(early.id)).toEqual([]);
    expect((await credits(late.id)).map(({ userId, amountMinor }) => [userId, amountMinor])).toEqual([[late.by, 1_500], [late.by, -1_500]]);
  });

  test('is moved on by two workers at once as by one', async () => {
    const { id, referee } = await referred();
    await api.db.make.payment(referee, { createdAt: on(1) });
    await Promise.all([advance(on(50)), advance(on(50)), advance(on(50))]);
    expect((await referralOf(id)).stage).toBe('rewarded');
    expect(await credits(id)).toHaveLength(1);
  });

  test('keeps the reward that was promised when the programme changes or ends', async () => {
    const held = await referred();
    await api.db.make.payment(held.referee, { createdAt: on(1) });
    await advance(on(1.1));
    await setProgramme({ reward: { amountMinor: 99, currency: 'EUR' }, enabled: false });
    const { id: waiting, referee } = { id: held.id, referee: held.referee };
    await advance(on(9));
    expect(await credits(waiting)).toMatchObject([{ amountMinor: 1_500, currency: 'USD' }]);
    expect(referee).not.toBe(held.by);
    await setProgramme({ reward: { amountMinor: 1_500, currency: 'USD' }, enabled: true });
  });

  test('is rewarded so often for one referrer, and no more', async () => {
    now = on(0);
    const by = await referrer();
    const made: string[] = [];
    for (let count = 0; count < 4; count++) {
      const clickId = await click(by.code);
      const { id } = await api.db.make.user({ createdAt: on(0.01) });
      ok(await signup(clickId, id));
      await api.db.make.payment(id, { createdAt: on(1 + count / 10) });
      made.push(clickId);
    }
    await setProgramme({ maxRewardsPerReferrer: 2 });
    await advance(on(2));
    expect(await Promise.all(made.map(async (id) => (await referralOf(id)).stage))).toEqual(['held', 'held', 'qualified', 'qualified']);
    await setProgramme({ maxRewardsPerReferrer: null });
  });

  test('is rejected by an admin before its reward, and not after', async () => {
    const { id, referee } = await referred();
    const rejected = await fin.post(`${root}/referrals/${id}/reject`, { reason });
    expect(rejected).toMatchObject({ status: 200, body: { referral: { stage: 'rejected' } } });
    await api.db.make.payment(referee, { createdAt: on(1) });
    await advance(on(60));
    expect((await referralOf(id)).stage).toBe('rejected');
    expect(await fin.post(`${root}/referrals/${id}/reject`, { reason })).toMatchObject({ status: 409, body: { code: 'state_conflict' } });
  });

  test('that nothing is due for leaves no entry in the audit log', async () => {
    await advance(on(60));
    const entries = async () => Number((await api.db.pool.query(`SELECT count(*) AS entries FROM admin_center.audit_log WHERE action = 'promotions.referrals_advance'`)).rows[0].entries);
    const before = await entries();
    await advance(on(60));
    expect(await entries()).toBe(before);
  });
});

test('credits are read on from the last one, and a question that is none is refused', async () => {
  const all = ok<{ credits: { id: number }[] }>(await host.send('GET', '/referrals/credits')).credits.map(({ id }) => id);
  expect(all).toEqual(all.toSorted((a, b) => a - b));
  expect(ok<{ credits: { id: number }[] }>(await host.send('GET', `/referrals/credits?after=${all.at(-2)}`)).credits.map(({ id }) => id)).toEqual(all.slice(-1));
  expect(await host.send('GET', '/referrals/credits?after=yesterday')).toMatchObject({ status: 400, body: { code: 'query_invalid', errors: [{ path: 'query.after' }] } });
});

describe('a sign-up', () => {
  test('is attributed once, to the first click that is reported, also by reports at once; a click is good for one user', async () => {
    now = on(0);
    const [one, other] = [await referrer(), await referrer()];
    const [first, second] = [await click(one.code), await click(other.code.toLowerCase())];
    const { id } = await api.db.make.user({ createdAt: on(0.01) });
    const answers = (await Promise.all([signup(first, id), signup(second, id), signup(first, id)])).map((answer) => ok<{ referralId: string; stage: string }>(answer));
    const [{ referralId }] = answers as [{ referralId: string; stage: string }];
    expect(answers.every((answer) => answer.referralId === referralId && answer.stage === 'signup')).toBe(true);
    expect(ok(await signup(second, id))).toMatchObject({ referralId });
    expect(await signup(referralId, (await api.db.make.user({ createdAt: on(0.01) })).id)).toMatchObject({ status: 409, body: { code: 'click_used' } });
    expect(await host.send('POST', '/referrals/clicks', { code: 'NOBODYS' })).toMatchObject({ status: 404 });
  });

  test('counts for 30 days after the click', async () => {
    now = on(0);
    const { code } = await referrer();
    const [inTime, late] = [await click(code), await click(code)];
    now = on(30);
    expect(ok(await signup(inTime, (await api.db.make.user({ createdAt: on(30) })).id))).toMatchObject({ stage: 'signup' });
    now = on(30.01);
    expect(await signup(late, (await api.db.make.user({ createdAt: on(30) })).id)).toMatchObject({ status: 409, body: { code: 'click_expired' } });
  });

  test('brings the coupon of the programme with it', async () => {
    const coupon = await promotionsOf(fin).coupon();
    await setProgramme({ refereeCouponId: coupon.id });
    now = on(0);
    const clickId = await click((await referrer()).code);
    expect(ok(await signup(clickId, (await api.db.make.user({ createdAt: on(0.01) })).id))).toMatchObject({ couponId: coupon.id });
    await setProgramme({ refereeCouponId: null });
  });
});

describe('a self-referral', () => {
  const attempt = async (by: { id: string; code: string }, userId: string, fields: Fields = {}) => {
    now = on(0);
    const clickId = await click(by.code);
    now = on(0.02);
    return ok<{ referralId: string; stage: string; signals: string[]; couponId: string | null }>(await signup(clickId, userId, fields));
  };
  const fresh = async (email?: string) => (await api.db.make.user({ createdAt: on(0.01), ...(email === undefined ? {} : { email }) })).id;

  test('of the same user, an older account, or the same mailbox in disguise is rejected', async () => {
    const by = await referrer('jo.ann+news@gmail.com');
    expect(await attempt(by, by.id)).toMatchObject({ stage: 'rejected', signals: expect.arrayContaining(['same_user', 'existing_user']) });
    expect(await attempt(by, await fresh('J.oAnn+second@googlemail.com'))).toMatchObject({ stage: 'rejected', signals: ['same_mailbox'], couponId: null });
    expect(await attempt(by, (await api.db.make.user({ createdAt: on(-1) })).id)).toMatchObject({ stage: 'rejected', signals: ['existing_user'] });
  });

  test('on the same device is rejected', async () => {
    const by = await referrer();
    await host.send('POST', '/referrals/codes', { userId: by.id, device: 'device-of-the-referrer' });
    expect(await attempt(by, await fresh(), { device: 'device-of-the-referrer' })).toMatchObject({ stage: 'rejected', signals: ['same_device'] });
    expect(await attempt(by, await fresh(), { device: 'device-of-another-one' })).toMatchObject({ stage: 'signup', signals: [] });
  });

  test('in a loop of two is rejected', async () => {
    const by = await referrer();
    const referee = await fresh();
    expect((await attempt(by, referee)).stage).toBe('signup');
    const back = { id: referee, code: ok<{ code: string }>(await host.send('POST', '/referrals/codes', { userId: referee })).code };
    expect(await attempt(back, by.id)).toMatchObject({ stage: 'rejected', signals: expect.arrayContaining(['referral_loop']) });
  });

  test('is not seen in the network alone, but together with the card', async () => {
    const [flatmate, self] = [await referrer(), await referrer()];
    for (const { id } of [flatmate, self]) {
      await api.db.make.session(id, { ip: '203.0.113.10' });
    }
    const [honest, cheat] = [await fresh(), await fresh()];
    const one = await attempt(flatmate, honest, { ip: '203.0.113.99' });
    const two = await attempt(self, cheat, { ip: '203.0.113.200' });
    expect([one, two]).toEqual([one, two].map((answer) => ({ ...answer, stage: 'signup', signals: ['same_network'] })));
    // The factory pays everything with the same card; the flatmate has never paid.
    await api.db.make.payment(self.id, { createdAt: on(-10) });
    await api.db.make.payment(honest, { createdAt: on(1) });
    await api.db.make.payment(cheat, { createdAt: on(1) });
    await advance(on(2));
    expect(await referralOf(one.referralId)).toMatchObject({ stage: 'held' });
    expect(await referralOf(two.referralId)).toMatchObject({ stage: 'rejected', signals: ['same_network', 'same_card'] });
  });

  test.each([
    ['Jo.Ann+x@Gmail.com', 'joann@gmail.com'], ['jo.ann@googlemail.com', 'joann@gmail.com'],
    ['jo.ann+x@acme.example', 'jo.ann@acme.example'], [' A@B.example ', 'a@b.example'],
  ])('%s is the mailbox %s', (given, expected) => {
    expect(normalMailbox(given)).toBe(expected);
  });

  test('looks at the network around an address', () => {
    expect([networkOf('203.0.113.9'), networkOf('2001:db8::1')]).toEqual(['203.0.113.9/24', '2001:db8::1/64']);
  });
});
