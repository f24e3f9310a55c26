// Which series of a panel a question about it is likely about.
import { mostMoved, type NamedSeries } from './series.ts';

const series = (name: string, value: (index: number) => number): NamedSeries => ({ name, points: Array.from({ length: 60 }, (_, index) => ({ time: index * 60_000, value: value(index) })) });
const STEP = series('step', (index) => (index < 30 ? 10 : 20) + (index % 3));
const CALM = series('calm', (index) => 10 + (index % 3));

test('the one that makes the largest step', () => {
  expect(mostMoved([CALM, STEP])?.name).toBe('step');
});

test('gaps in one of them, or nothing but gaps, hide no step of another', () => {
  const begins = series('begins late', (index) => (index < 40 ? NaN : 5));
  const empty = series('empty', () => NaN);
  expect(mostMoved([begins, STEP, empty])?.name).toBe('step');
  expect(mostMoved([empty, begins])?.name).toBe('begins late');
});

test('a series that is 0 throughout, or for long and then is not, hides no step either', () => {
  expect(mostMoved([series('zero', () => 0), STEP])?.name).toBe('step');
  expect(mostMoved([CALM, series('from zero', (index) => (index < 45 ? 0 : 3))])?.name).toBe('from zero');
});

test('none of none', () => {
  expect(mostMoved([])).toBeUndefined();
});
