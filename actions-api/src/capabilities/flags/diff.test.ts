import { describe, expect, test } from '@jest/globals';
import { diff, same } from './diff.ts';

describe('diff', () => {
  test('names rules by their id, whatever their place', () => {
    const a = { id: 'a', percentage: 5 };
    const b = { id: 'b', percentage: 5 };
    expect(diff({ rules: [a, b] }, { rules: [{ ...a, percentage: 6 }, b] })).toEqual([{ op: 'replace', path: '/rules/a/percentage', from: 5, value: 6 }]);
    expect(diff({ rules: [b] }, { rules: [a, b] })).toEqual([{ op: 'add', path: '/rules/a', value: a }]);
    expect(diff({ rules: [a, b] }, { rules: [b] })).toEqual([{ op: 'remove', path: '/rules/a', from: a }]);
  });

  test('tells another order of rules, which decides, from another order of members, which does not', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    expect(diff({ rules: [a, b] }, { rules: [b, a] })).toEqual([{ op: 'replace', path: '/rules', from: [a, b], value: [b, a] }]);
    expect(same({ x: 1, y: { z: [1, 2] } }, { y: { z: [1, 2] }, x: 1 })).toBe(true);
  });

  test('replaces what has no names or another shape, and escapes JSON pointers', () => {
    expect(diff({ 'a/b~c': [1] }, { 'a/b~c': [1, 2] })).toEqual([{ op: 'replace', path: '/a~1b~0c', from: [1], value: [1, 2] }]);
    expect(diff({ rollout: null }, { rollout: { percentage: 5 } })).toEqual([{ op: 'replace', path: '/rollout', from: null, value: { percentage: 5 } }]);
    expect(diff(null, { state: 'off' })).toEqual([{ op: 'replace', path: '', from: null, value: { state: 'off' } }]);
  });
});
