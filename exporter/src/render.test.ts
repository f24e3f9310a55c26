import { describe, expect, test } from '@jest/globals';
import type { MetricContract } from '@admin-center/contracts/capability';
import { createRenderer } from './render.ts';

const gauge = (labels: MetricContract['labels'], help = 'A number.'): MetricContract => ({ name: 'thing', type: 'gauge', source: 'exporter', help, labels });
const sample = (labels: Record<string, string>, value = 1) => ({ metric: 'thing', labels, value });

describe('the text', () => {
  test('has help, type and a line per series, labels in the order of the contract', () => {
    const renderer = createRenderer([gauge({ one: ['a'], two: ['b'] })]);
    expect(renderer.render([sample({ two: 'b', one: 'a' }, 2.5)])).toBe('# HELP thing A number.\n# TYPE thing gauge\nthing{one="a",two="b"} 2.5\n');
  });

  test('escapes label values and help', () => {
    const renderer = createRenderer([gauge({ path: { max: 5 } }, 'A \\ and\na line.')]);
    expect(renderer.render([sample({ path: 'C:\\"x"\n' })])).toBe('# HELP thing A \\\\ and\\na line.\n# TYPE thing gauge\nthing{path="C:\\\\\\"x\\"\\n"} 1\n');
  });

  test('starts every combination of closed lists at 0', () => {
    expect(createRenderer([gauge({ one: ['a', 'b'], two: ['c', 'd'] })]).render([sample({ one: 'b', two: 'c' }, 7)])).toBe(
      '# HELP thing A number.\n# TYPE thing gauge\nthing{one="a",two="c"} 0\nthing{one="a",two="d"} 0\nthing{one="b",two="c"} 7\nthing{one="b",two="d"} 0\n',
    );
  });

  test('starts a metric without labels at 0', () => {
    expect(createRenderer([gauge({})]).render([])).toContain('\nthing 0\n');
  });

  test('leaves out a metric that may be absent', () => {
    expect(createRenderer([gauge({ one: ['a'] })], { mayBeAbsent: ['thing'] }).render([])).toBe('');
  });

  test('leaves out what it had before and has no more', () => {
    const renderer = createRenderer([gauge({ key: { max: 5 } })]);
    expect(renderer.render([sample({ key: 'x' })])).toContain('key="x"');
    expect(renderer.render([])).toBe('');
  });
});

describe('the contract', () => {
  test('adds up what a closed list folds into other', () => {
    const renderer = createRenderer([gauge({ currency: ['USD', 'other'] })]);
    expect(renderer.render([sample({ currency: 'JPY' }, 2), sample({ currency: 'CHF' }, 3), sample({ currency: 'other' }, 1), sample({ currency: 'USD' }, 5)])).toMatch(
      /currency="USD"} 5\nthing{currency="other"} 6\n$/,
    );
  });

  test('refuses a value that a closed list has no place for', () => {
    expect(() => createRenderer([gauge({ tier: ['free'] })]).render([sample({ tier: 'gold' })])).toThrow('thing: "gold" is not a value of label tier; its contract has free');
  });

  test('keeps the first values of an open label, folds the rest and counts them', () => {
    const renderer = createRenderer([gauge({ key: { max: 2 } })]);
    renderer.render([sample({ key: 'a' }), sample({ key: 'b' })]);
    expect(renderer.render([sample({ key: 'c' }, 3), sample({ key: 'd' }, 4), sample({ key: 'a' })])).toBe('# HELP thing A number.\n# TYPE thing gauge\nthing{key="other"} 7\nthing{key="a"} 1\n');
    expect(renderer.overflows()).toBe(2);
  });

  test.each([
    ['an undeclared metric', { metric: 'other_thing', labels: {}, value: 1 }, 'other_thing is not declared'],
    ['a missing label', sample({}), 'thing came with the labels (); its contract has (tier)'],
    ['an extra label', sample({ tier: 'free', email: 'a@acme.example' }), 'thing came with the labels (tier, email)'],
    ['a label of another name', sample({ level: 'free' }), 'thing came with the labels (level)'],
    ['NaN', sample({ tier: 'free' }, Number.NaN), 'thing: NaN is not a number'],
    ['infinity', sample({ tier: 'free' }, Infinity), 'thing: Infinity is not a number'],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => createRenderer([gauge({ tier: ['free'] })]).render([wrong])).toThrow(message);
  });

  test('refuses the same series twice', () => {
    expect(() => createRenderer([gauge({ tier: ['free'] })]).render([sample({ tier: 'free' }), sample({ tier: 'free' })])).toThrow('thing{tier="free"} came twice');
  });
});
