import { describe, expect, test } from '@jest/globals';
import { compareVersions } from './conditions.ts';
import { evaluate, evaluateAll } from './evaluate.ts';
import type { FlagCondition, FlagContext, FlagPolicy, FlagServe, PolicyFlag, TraceStep } from './types.ts';

const base: PolicyFlag = {
  type: 'boolean', state: 'on', public: true, salt: 'golden', variants: { on: true, off: false }, offVariant: 'off', defaultVariant: 'off',
  schedule: { from: null, until: null }, prerequisites: [], users: [], segments: [], tiers: [], experiment: null, rollout: null,
};
const all = (variant: string, percentage = 100): FlagServe => ({ percentage, split: [{ variant, weight: 1 }] });
const policyOf = (...flags: Partial<PolicyFlag>[]): FlagPolicy => ({ flags: Object.fromEntries(flags.map((flag, index) => [`flag-${index}`, { ...base, ...flag }])) });
const serve = (flag: Partial<PolicyFlag>, context: FlagContext = { targetingKey: 'user-1' }, at?: number) => {
  const { variant, reason, ruleId } = evaluate(policyOf(flag), 'flag-0', context, at === undefined ? {} : { at });
  return [variant, reason, ruleId];
};

describe('rules, in their order', () => {
  const segment = { id: 'germans', conditions: [{ attribute: 'country', operator: 'in', values: ['DE'] } satisfies FlagCondition], serve: all('on') };
  const everything: Partial<PolicyFlag> = {
    users: [{ id: 'testers', variant: 'on', users: ['user-1'] }],
    segments: [segment],
    tiers: [{ id: 'paying', tier: 'premium', serve: all('on') }],
    rollout: all('on', 0),
  };

  test.each([
    ['a list of users', everything, { targetingKey: 'user-1', country: 'DE' }, ['on', 'TARGETING_MATCH', 'users:testers']],
    ['a segment', everything, { targetingKey: 'user-2', country: 'DE', tier: 'premium' }, ['on', 'TARGETING_MATCH', 'segment:germans']],
    ['a tier', everything, { targetingKey: 'user-2', tier: 'premium' }, ['on', 'TARGETING_MATCH', 'tier:paying']],
    ['the default behind them', everything, { targetingKey: 'user-2', tier: 'free' }, ['off', 'DEFAULT', 'default']],
    ['no rule at all', {}, {}, ['off', 'STATIC', 'default']],
    ['a rollout to everybody', { rollout: all('on') }, {}, ['on', 'STATIC', 'rollout']],
    ['a rollout to nobody needs no key', { rollout: all('on', 0) }, {}, ['off', 'DEFAULT', 'default']],
    ['a flag that is off', { ...everything, state: 'off' }, { targetingKey: 'user-1' }, ['off', 'DISABLED', 'off']],
    ['a killed flag', { ...everything, state: 'killed' }, { targetingKey: 'user-1' }, ['off', 'DISABLED', 'killed']],
  ] as const)('%s', (_, flag, context, expected) => {
    expect(serve(flag as Partial<PolicyFlag>, context)).toEqual(expected);
  });

  test('a share of a segment goes on to the next rule for who is outside of it', () => {
    const half: Partial<PolicyFlag> = { segments: [{ ...segment, serve: all('on', 50) }] };
    const reasons = Array.from({ length: 100 }, (_, index) => serve(half, { targetingKey: `user-${index}`, country: 'DE' })[1]);
    expect(new Set(reasons)).toEqual(new Set(['SPLIT', 'DEFAULT']));
  });

  test('a schedule holds from its first millisecond to before its last', () => {
    const flag: Partial<PolicyFlag> = { rollout: all('on'), schedule: { from: '2026-01-01T00:00:00Z', until: '2026-02-01T01:00:00+01:00' } };
    const at = (text: string) => serve(flag, {}, Date.parse(text))[2];
    expect([at('2025-12-31T23:59:59.999Z'), at('2026-01-01T00:00:00Z'), at('2026-01-31T23:59:59.999Z'), at('2026-02-01T00:00:00Z')]).toEqual(['schedule', 'rollout', 'rollout', 'schedule']);
  });

  test('a trace names what was looked at, up to what decided', () => {
    const steps: TraceStep[] = [];
    evaluate(policyOf(everything), 'flag-0', { targetingKey: 'user-2', tier: 'premium' }, { trace: (step) => steps.push(step) });
    expect(steps.map(({ step, matched }) => [step, matched])).toEqual([
      ['state', false], ['users:testers', false], ['segment:germans', false], ['tier:paying', true], ['tier:paying:share', true],
    ]);
    expect(steps.at(-1)?.text).toMatch(/^100% serves buckets below 100000; this key is in \d+\.$/);
  });
});

describe('prerequisites', () => {
  const needs = (flag: string, ...variants: string[]) => ({ rollout: all('on'), prerequisites: [{ flag, variants }] });

  test('must serve one of the named variants', () => {
    const policy = policyOf(needs('flag-1', 'on'), { users: [{ id: 'some', variant: 'on', users: ['user-1'] }] });
    expect(evaluate(policy, 'flag-0', { targetingKey: 'user-1' })).toMatchObject({ variant: 'on', reason: 'STATIC' });
    expect(evaluate(policy, 'flag-0', { targetingKey: 'user-2' })).toMatchObject({ variant: 'off', reason: 'DISABLED', ruleId: 'prerequisite:flag-1' });
  });

  test('that are gone or go round in a circle turn the flag off instead of hanging', () => {
    expect(evaluate(policyOf(needs('no-such', 'on')), 'flag-0', {})).toMatchObject({ variant: 'off', reason: 'DISABLED' });
    expect(evaluate(policyOf(needs('flag-1', 'on'), needs('flag-0', 'on')), 'flag-0', {})).toMatchObject({ variant: 'off', reason: 'DISABLED' });
  });
});

describe('errors', () => {
  test.each(['no-such', 'constructor', '__proto__', 'toString'])('there is no flag %s', (key) => {
    expect(evaluate(policyOf({}), key, {})).toMatchObject({ reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', value: undefined, variant: null });
  });

  test.each([undefined, '', 7])('a share without a targeting key (%j)', (targetingKey) => {
    const context = { targetingKey } as FlagContext;
    expect(evaluate(policyOf({ rollout: all('on', 50) }), 'flag-0', context)).toMatchObject({ reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' });
    expect(evaluate(policyOf({ experiment: { weights: [{ variant: 'on', weight: 1 }], holdOut: 0, exclusionGroup: null } }), 'flag-0', context)).toMatchObject({ errorCode: 'TARGETING_KEY_MISSING' });
  });
});

describe('conditions', () => {
  const holds = (operator: FlagCondition['operator'], given: unknown, ...values: FlagCondition['values']) =>
    serve({ segments: [{ id: 'it', conditions: [{ attribute: 'it', operator, values }], serve: all('on') }] }, given === undefined ? {} : { it: given })[0] === 'on';

  test.each([
    ['in', 'DE', ['FR', 'DE'], true], ['in', 7, ['7'], true], ['in', ['a', 'b'], ['b'], true], ['in', undefined, ['DE'], false], ['in', {}, ['[object Object]'], false],
    ['not_in', 'DE', ['FR'], true], ['not_in', 'DE', ['DE'], false], ['not_in', undefined, ['DE'], true], ['not_in', ['a', 'DE'], ['DE'], false],
    ['contains', 'ada@acme.example', ['@acme.'], true], ['starts_with', 'de-DE', ['de'], true], ['ends_with', 'de-DE', ['-AT', '-DE'], true], ['ends_with', 'de-DE', ['de'], false],
    ['less_than', 3, [4], true], ['less_than', '3', [4], true], ['less_than', 'three', [4], false], ['less_than', '', [4], false], ['at_least', 4, [4], true], ['at_most', 5, [4], false], ['greater_than', true, [0], false],
    ['version_at_least', '2.10.0', ['2.9'], true], ['version_below', '2.0.0-beta.2', ['2.0.0'], true], ['version_below', 'latest', ['2.0.0'], false],
    ['before', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:01Z'], true], ['after', 1_800_000_000_000, ['2026-01-01'], true], ['after', 'soon', ['2026-01-01'], false],
    ['exists', false, [], true], ['exists', null, [], false], ['not_exists', undefined, [], true],
  ] as const)('%s %j %j is %j', (operator, given, values, expected) => {
    expect(holds(operator, given, ...values)).toBe(expected);
  });

  test('attributes that every object has are not given', () => {
    expect(serve({ segments: [{ id: 'it', conditions: [{ attribute: 'constructor', operator: 'exists', values: [] }], serve: all('on') }] })[0]).toBe('off');
  });

  test('versions are ordered as Semantic Versioning orders them', () => {
    const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1', '1.2', '1.10.0+build.7', 'v2'];
    for (let index = 1; index < ordered.length; index += 1) {
      expect(compareVersions(ordered[index - 1] as string, ordered[index] as string)).toBeLessThan(0);
      expect(compareVersions(ordered[index] as string, ordered[index - 1] as string)).toBeGreaterThan(0);
    }
    expect(compareVersions('1.0', '1.0.0')).toBe(0);
  });
});

describe('shares', () => {
  const colours: Partial<PolicyFlag> = { type: 'string', variants: { off: 'none', red: '#f00', green: '#0f0', blue: '#00f' } };
  const rolledOut = (percentage: number): Partial<PolicyFlag> => ({
    ...colours,
    rollout: { percentage, split: [{ variant: 'red', weight: 50 }, { variant: 'green', weight: 30 }, { variant: 'blue', weight: 20 }, { variant: 'off', weight: 0 }] },
  });

  test('are frozen', () => {
    const keys = ['user-1', 'user-2', 'user-3', 'user-4', 'user-5', 'user-6', 'user-7', 'user-8', 'user-9', 'user-10', 'user-11', 'user-12'];
    expect(keys.map((targetingKey) => serve(rolledOut(60), { targetingKey })[0])).toEqual(['blue', 'off', 'red', 'off', 'blue', 'off', 'off', 'blue', 'red', 'blue', 'off', 'off']);
  });

  test('a million keys: the asked percentage, the asked weights, and nobody changes side or colour as the ramp rises', () => {
    const KEYS = 1_000_000;
    const ramp = [10, 50, 100];
    const steps = ramp.map((percentage) => policyOf(rolledOut(percentage)));
    const served = ramp.map(() => new Map<string, number>());
    let moved = 0;
    for (let index = 0; index < KEYS; index += 1) {
      const context = { targetingKey: `user-${index}` };
      let before = 'off';
      for (let step = 0; step < ramp.length; step += 1) {
        const variant = evaluate(steps[step] as FlagPolicy, 'flag-0', context, { at: 0 }).variant as string;
        const counts = served[step] as Map<string, number>;
        counts.set(variant, (counts.get(variant) ?? 0) + 1);
        moved += before !== 'off' && variant !== before ? 1 : 0;
        before = variant;
      }
    }
    expect(moved).toBe(0);
    ramp.forEach((percentage, step) => {
      for (const [variant, weight] of [['red', 0.5], ['green', 0.3], ['blue', 0.2]] as const) {
        const share = weight * (percentage / 100);
        expect(Math.abs((served[step]?.get(variant) ?? 0) - KEYS * share)).toBeLessThan(4 * Math.sqrt(KEYS * share * (1 - share)));
      }
    });
  });
});

describe('experiments', () => {
  const weights = [{ variant: 'on', weight: 1 }, { variant: 'off', weight: 1 }];
  const group = (from: number, to: number) => ({ name: 'checkout', from, to });
  const policy = policyOf(
    { salt: 'first', experiment: { weights, holdOut: 10, exclusionGroup: group(0, 40) } },
    { salt: 'second', experiment: { weights, holdOut: 0, exclusionGroup: group(40, 100) } },
  );

  test('of one group never share a user, and the held-out share takes part in nothing of its own', () => {
    let [first, second, both, held] = [0, 0, 0, 0];
    for (let index = 0; index < 20_000; index += 1) {
      const context = { targetingKey: `user-${index}` };
      const [one, two] = [evaluate(policy, 'flag-0', context).ruleId, evaluate(policy, 'flag-1', context).ruleId];
      first += one === 'experiment' ? 1 : 0;
      second += two === 'experiment' ? 1 : 0;
      both += one === 'experiment' && two === 'experiment' ? 1 : 0;
      held += one === 'experiment:hold-out' ? 1 : 0;
    }
    expect(both).toBe(0);
    expect(held / 20_000).toBeCloseTo(0.1, 1);
    expect(first / 20_000).toBeCloseTo(0.36, 1);
    expect(second / 20_000).toBeCloseTo(0.6, 1);
  });

  test('all flags are evaluated at once by key', () => {
    expect([...evaluateAll(policy, { targetingKey: 'user-1' }).keys()]).toEqual(['flag-0', 'flag-1']);
  });
});
