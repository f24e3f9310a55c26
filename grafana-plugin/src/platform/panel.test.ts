// What series of a panel are called: codes of the contracts in words, in the order and the colours the panel gives.
import { rolesInRange } from '../capabilities/audit/panels.ts';
import { retentionBounded } from '../capabilities/engagement/panels.ts';
import { evaluationsByFlag, evaluationsByReason } from '../capabilities/flags/panels.ts';
import { attempts, redemptions, referrals } from '../capabilities/promotions/panels.ts';
import { subscriptionsByState } from '../capabilities/subscriptions/panels.ts';
import { quietAxisMax, seriesLooks, type Panel } from './panel.ts';

const look = (panel: Panel, series: string) => seriesLooks(panel).find((each) => each.series === series);

test('a code of the contract is shown in words, in its colour', () => {
  expect(look(attempts, 'already_redeemed')).toEqual({ series: 'already_redeemed', displayName: 'already redeemed', color: 'yellow' });
  expect(look(subscriptionsByState, 'past_due')).toMatchObject({ displayName: 'past due', color: 'orange' });
  expect(look(rolesInRange, 'finance_admin')).toMatchObject({ displayName: 'finance admin' });
  expect(look(evaluationsByReason, 'targeting_match')).toMatchObject({ displayName: 'targeting match' });
});

test('what is a word already stays, and a panel may say more', () => {
  expect(look(attempts, 'applied')).toEqual({ series: 'applied', displayName: undefined, color: 'green' });
  expect(look(redemptions, 'none')).toMatchObject({ displayName: 'no campaign' });
});

test('stages and days come in their order, not in that of the alphabet', () => {
  expect(referrals.queries.map(({ legend }) => legend)).toEqual(['click', 'signup', 'qualified', 'held', 'rewarded', 'clawed back', 'rejected']);
  expect(retentionBounded.queries.map(({ legend }) => legend)).toEqual(['day 1', 'day 7', 'day 30']);
});

test('an axis of nothing ends low: at a few for counts, at next to nothing for rates', () => {
  expect(quietAxisMax(attempts)).toBe(4);
  expect(quietAxisMax(evaluationsByFlag)).toBe(0.1);
  expect(quietAxisMax({ ...attempts, decimals: undefined })).toBeUndefined();
});
