// What people type, as the contract has it: values, keys, objects, numbers, instants, attributes, names.
import { readAttributes } from '../ExplainUser.tsx';
import { slug, startingDefinition } from '../new-flag.ts';
import { judge } from '../draft.ts';
import { flagDefinition, FLAG_TYPES } from '@admin-center/contracts/flags-definition';
import { fromLocal, toLocal } from './Availability.tsx';
import { readValues } from './ConditionRow.tsx';
import { readNumber } from './NumberInput.tsx';
import { readKeys } from './rules.tsx';
import { readObject } from './Variants.tsx';

test('values stand between commas', () => {
  expect(readValues(' DE,, FR , ')).toEqual(['DE', 'FR']);
  expect(readValues('')).toEqual([]);
});

test('keys stand on lines of their own, each once', () => {
  expect(readKeys('maya\n ken, maya\n\n')).toEqual(['maya', 'ken']);
});

test.each([['', Number.NaN], ['2.5', 2.5], ['2,5', 2.5], ['1e3', 1000], ['ten', Number.NaN]])('the number %j', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test.each([['{"a": 1}', { a: 1 }], ['[1]', undefined], ['null', undefined], ['{', undefined]])('the object %s', (text, value) => {
  expect(readObject(text)).toEqual(value);
});

test('attributes are pairs; what is no pair is left out', () => {
  expect(readAttributes('country=DE, appVersion = 2.4, =x, nothing, url=a=b')).toEqual({ country: 'DE', appVersion: '2.4', url: 'a=b' });
});

test('local time and back', () => {
  expect(fromLocal(toLocal('2026-11-22T09:05:00.000Z'))).toBe('2026-11-22T09:05:00.000Z');
  expect(toLocal(null)).toBe('');
  expect(fromLocal('')).toBeNull();
});

test('a key follows from a name', () => {
  expect(slug(' Größere Uploads: schneller! ')).toBe('gro-ere-uploads-schneller');
  expect(slug('')).toBe('');
});

test.each(FLAG_TYPES.flatMap((type) => (['switch', 'rollout', 'targeted'] as const).map((start) => [type, start] as const)))('a new %s flag that starts as %s is valid', (type, start) => {
  const definition = flagDefinition.parse(startingDefinition({ name: 'New', description: '', type, public: false, start }));
  expect(judge(definition).problems.count).toBe(0);
  // Nobody is served anything new before somebody decides so, unless that was asked for.
  expect(definition.defaultVariant === definition.offVariant).toBe(start !== 'switch');
});
