// Referrals that are reported, rejected and moved on at the same time: what happens is what one of the orders would give.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Referral, ReferralProgramme } from '@admin-center/contracts/promotions';
import { createLogger } from '@admin-center/platform/log';
import { metrics } from '@opentelemetry/api';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { eventually } from '../../../test/process.ts';
import { ok, reason, startHost } from '../../../test/promotions.ts';
import { createRecorder } from '../../platform/audited.ts';
import { advanceReferrals } from './referral-job.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T09:00:00Z');
const on = (days: number): Date => new Date(START + days * DAY);
const root = '/api/v1/promotions';
const log = createLogger('test', 'silent');
let now = on(0);
let api: TestApi;
let fin: Client;
let host: Awaited<ReturnType<typeof startHost>>;

beforeAll(async () => {
  api = await startTestApi({ now: () => now });
  await api.db.make.admin({ email: 'fin@acme.example', role: 'finance_admin' });
  fin = api.as({ email: 'fin@acme.example' });
  host = await startHost(api);
  const { updatedAt: _at, history: _history, ...known } = ok<ReferralProgramme & { history: unknown }>(await fin.get(`${root}/referral-programme`));
  ok(await fin.send('PUT', `${root}/referral-programme`, { body: { ...known, enabled: true, reason } }));
});
afterAll(() => api.close());

const codeOf = async (userId: string) => ok<{ code: string }>(await host.send('POST', '/referrals/codes', { userId })).code;
const click = async (code: string, clickId?: string) => ok<{ clickId: string }>(await host.send('POST', '/referrals/clicks', { code, ...(clickId === undefined ? {} : { clickId }) })).clickId;
const signup = (clickId: string, userId: string) => host.send('POST', '/referrals/signups', { clickId, userId });
const counted = async (stage: string) => Number((await api.db.pool.query(`SELECT value FROM admin_center.tally WHERE metric = 'admincenter_referrals_total' AND labels = $1`, [{ stage }])).rows[0]?.value ?? 0);
const referralOf = async (id: string) => ok<Referral>(await fin.get(`${root}/referrals/${id}`));
const advance = (at: Date) => advanceReferrals({ database: api.database, recorder: createRecorder(api.database, metrics.getMeter('test').createHistogram('duration')), clock: () => at, log });
const person = async (createdAt = on(-100)) => (await api.db.make.user({ email: `${randomUUID()}@acme.example`, createdAt })).id;
const waiting = async (count: number) =>
  eventually(async () => Number((await api.db.pool.query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rows[0].count), (found) => found >= count);

describe('a sign-up', () => {
  test('that is reported in two spellings of one id, for two clicks, counts once', async () => {
    const [one, two] = [await codeOf(await person()), await codeOf(await person())];
    const clicks = [await click(one), await click(two)] as const;
    const before = await counted('signup');
    const referee = await person(on(0.01));
    const answers = await Promise.all([signup(clicks[0], referee), signup(clicks[1], referee.toUpperCase()), signup(clicks[0], referee.toUpperCase()), signup(clicks[1], referee)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => (body as { referralId: string }).referralId)).size).toBe(1);
    expect(await counted('signup')).toBe(before + 1);
  });

  test('of each by the other, at the same time, is a loop for one of them', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b] = [await person(on(0.01)), await person(on(0.01))];
      const [byA, byB] = [await click(await codeOf(a)), await click(await codeOf(b))];
      const stages = (await Promise.all([signup(byA, b), signup(byB, a)])).map(({ body }) => (body as Referral).stage);
      expect(stages.toSorted()).toEqual(['rejected', 'signup']);
    }
  });
});

describe('a rejection while the job runs', () => {
  /** Both wait for the row of the referral, the rejection first. */
  const together = async (id: string, at: Date) => {
    const client = await api.db.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM admin_center.referral WHERE referral_id = $1 FOR UPDATE', [id]);
      const rejecting = fin.post(`${root}/referrals/${id}/reject`, { reason });
      await waiting(1);
      const advancing = advance(at);
      await waiting(2);
      await client.query('COMMIT');
      return (await Promise.all([rejecting, advancing]))[0];
    } finally {
      client.release();
    }
  };

  test.each([['signup', 1], ['held', 10]])('of one that is at %s holds: nothing is counted or paid beyond it', async (stage, days) => {
    now = on(0);
    const clickId = await click(await codeOf(await person()));
    const referee = await person(on(0.01));
    ok(await signup(clickId, referee));
    await api.db.make.payment(referee, { createdAt: on(0.5) });
    if (stage === 'held') {
      await advance(on(1));
    }
    expect((await referralOf(clickId)).stage).toBe(stage);
    const before = await Promise.all(['qualified', 'held', 'rewarded'].map(counted));
    ok(await together(clickId, on(days)));
    expect((await referralOf(clickId)).stage).toBe('rejected');
    await advance(on(60));
    expect((await referralOf(clickId)).stage).toBe('rejected');
    expect(await Promise.all(['qualified', 'held', 'rewarded'].map(counted))).toEqual(before);
    expect((await api.db.pool.query('SELECT FROM admin_center.referral_credit WHERE referral_id = $1', [clickId])).rowCount).toBe(0);
  });
});

describe('a click', () => {
  test('that the host reports again under its own id is the same click, counted once, also at the same time', async () => {
    now = on(0);
    const code = await codeOf(await person());
    const clickId = randomUUID();
    const before = await counted('click');
    expect(await Promise.all([click(code, clickId), click(code, clickId), click(code.toLowerCase(), clickId.toUpperCase())])).toEqual([clickId, clickId, clickId]);
    expect(await counted('click')).toBe(before + 1);
    ok(await signup(clickId, await person(on(0.01))));
    expect(await click(code, clickId)).toBe(clickId);
    expect(await host.send('POST', '/referrals/clicks', { code: await codeOf(await person()), clickId })).toMatchObject({ status: 422, body: { code: 'click_reused' } });
    expect(await counted('click')).toBe(before + 1);
    expect(await click(code)).not.toBe(await click(code));
  });
});
