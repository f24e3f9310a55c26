// Before and after, field by field.
import { fieldChanges } from './changes.ts';

test('changed fields come first, nested ones by their path', () => {
  expect(fieldChanges({ id: 1, state: 'active', plan: { tier: 'free' } }, { id: 1, state: 'suspended', plan: { tier: 'free' }, reason: 'fraud' })).toEqual([
    { field: 'state', before: 'active', after: 'suspended', changed: true },
    { field: 'reason', before: '', after: 'fraud', changed: true },
    { field: 'id', before: '1', after: '1', changed: false },
    { field: 'plan.tier', before: 'free', after: 'free', changed: false },
  ]);
});

test('nothing before, or nothing at all', () => {
  expect(fieldChanges(null, { rows: 12 })).toEqual([{ field: 'rows', before: '', after: '12', changed: true }]);
  expect(fieldChanges(null, undefined)).toEqual([]);
  expect(fieldChanges('a', 'b')).toEqual([{ field: '', before: 'a', after: 'b', changed: true }]);
});

test('lists are compared as a whole', () => {
  expect(fieldChanges({ roles: ['a'] }, { roles: ['a', 'b'] })).toEqual([{ field: 'roles', before: '["a"]', after: '["a","b"]', changed: true }]);
});
