// Two admins edit one flag: the second one's changes on top of the first one's.
import { ROLLOUT } from '../../../test/flag-fixtures.ts';
import { everyone, type Draft, type Segment } from './draft.ts';
import { redoOnTop } from './redo.ts';

const segment = (id: string, country: string): Segment => ({ id, description: '', conditions: [{ attribute: 'country', operator: 'in', values: [country] }], serve: everyone('on') });
const BASE: Draft = { ...ROLLOUT, segments: [segment('germany', 'DE'), segment('france', 'FR')] };

test('changes of different fields and rules are both kept', () => {
  const mine = { ...BASE, name: 'Upload, faster', segments: [segment('germany', 'AT'), segment('france', 'FR'), segment('spain', 'ES')] };
  const theirs = { ...BASE, rollout: { percentage: 25, split: [{ variant: 'on', weight: 1 }] }, segments: [segment('germany', 'DE'), segment('france', 'BE'), segment('italy', 'IT')] };
  const { definition, contested } = redoOnTop(BASE, mine, theirs);
  expect(contested).toEqual([]);
  expect(definition.name).toBe('Upload, faster');
  expect(definition.rollout?.percentage).toBe(25);
  expect(definition.segments).toEqual([segment('germany', 'AT'), segment('france', 'BE'), segment('spain', 'ES'), segment('italy', 'IT')]);
});

test('what both changed is mine, and is said', () => {
  const at = (percentage: number): Draft => ({ ...BASE, rollout: { percentage, split: [{ variant: 'on', weight: 1 }] } });
  const { definition, contested } = redoOnTop(BASE, at(50), at(25));
  expect(definition.rollout?.percentage).toBe(50);
  expect(contested).toEqual(['rollout']);
  expect(redoOnTop(BASE, at(50), at(50)).contested).toEqual([]);
});

test('what I removed stays removed, what they removed stays removed', () => {
  const [germany, france] = BASE.segments as [Segment, Segment];
  expect(redoOnTop(BASE, { ...BASE, segments: [france] }, BASE).definition.segments).toEqual([france]);
  expect(redoOnTop(BASE, BASE, { ...BASE, segments: [germany] }).definition.segments).toEqual([germany]);
  const { definition, contested } = redoOnTop(BASE, { ...BASE, segments: [france] }, { ...BASE, segments: [segment('germany', 'CH'), france] });
  expect(definition.segments).toEqual([france]);
  expect(contested).toEqual(['segments germany']);
});

test('my order of rules is kept with their edits', () => {
  const mine = { ...BASE, segments: [...BASE.segments].reverse() };
  const theirs = { ...BASE, segments: [segment('germany', 'CH'), segment('france', 'FR')] };
  expect(redoOnTop(BASE, mine, theirs).definition.segments).toEqual([segment('france', 'FR'), segment('germany', 'CH')]);
});
