// Editing a flag: lists, renames, and what the contract says is wrong.
import { ROLLOUT } from '../../../test/flag-fixtures.ts';
import { everyone, freeId, interestingVariant, judge, moved, renamedVariant, withoutAt } from './draft.ts';

const LIST = ['a', 'b', 'c'];

test.each([
  [2, 0, ['c', 'a', 'b']],
  [0, 1, ['b', 'a', 'c']],
  [0, 2, ['b', 'c', 'a']],
  [0, -1, LIST],
  [2, 3, LIST],
  [7, 0, LIST],
])('moving %i to %i', (from, to, expected) => {
  expect(moved(LIST, from, to)).toEqual(expected);
});

test('removing one leaves the others in order', () => {
  expect(withoutAt(LIST, 1)).toEqual(['a', 'c']);
});

test('a new rule takes an id that no rule of any kind has', () => {
  const segment = (id: string) => ({ id, description: '', conditions: [], serve: everyone('on') });
  expect(freeId('segment', { users: [], segments: [segment('segment-1'), segment('segment-3')], tiers: [{ id: 'segment-2', tier: 'free', serve: everyone('on') }] })).toBe('segment-4');
});

test('a new rule serves what the default does not', () => {
  expect(interestingVariant(ROLLOUT)).toBe('on');
  expect(interestingVariant({ ...ROLLOUT, defaultVariant: 'on' })).toBe('off');
});

test('renaming a variant renames it in every rule', () => {
  const draft = {
    ...ROLLOUT,
    users: [{ id: 'friends', variant: 'on', users: ['maya'] }],
    tiers: [{ id: 'paying', tier: 'premium' as const, serve: everyone('on') }],
    ramp: { variant: 'on', steps: [{ percentage: 10, holdMinutes: 5 }] },
  };
  const renamed = renamedVariant(draft, 'on', 'enabled');
  expect(JSON.stringify(renamed)).not.toMatch(/"on"/);
  expect(judge(renamed).problems.count).toBe(0);
  expect(renamed.offVariant).toBe('off');
});

test('what is wrong is said at its field', () => {
  const { definition, problems } = judge({ ...ROLLOUT, name: '', rollout: { percentage: Number.NaN, split: [{ variant: 'on', weight: 1 }] } });
  expect(definition).toBeUndefined();
  expect(problems.at('name')).toBeDefined();
  expect(problems.at('rollout.percentage')).toBeDefined();
  expect(problems.within('rollout')).toHaveLength(1);
  expect(problems.at('rollout')).toBeUndefined();
  expect(problems.count).toBe(2);
});

test('more decimals than there are buckets are refused', () => {
  expect(judge({ ...ROLLOUT, rollout: { percentage: 0.1234, split: [{ variant: 'on', weight: 1 }] } }).problems.at('rollout.percentage')).toBe('At most three decimals.');
  expect(judge({ ...ROLLOUT, rollout: { percentage: 0.123, split: [{ variant: 'on', weight: 1 }] } }).problems.count).toBe(0);
});
