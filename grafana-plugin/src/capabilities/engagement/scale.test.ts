// Axes of hand-drawn charts.
import { axisOf, intervalName, labelEvery } from './scale.ts';

test.each([
  [0, 100],
  [0, 7],
  [-25, 60],
  [0, 0],
  [0, 0.16],
])('from %d to %d the steps are round and 0 is among them', (low, high) => {
  const { ticks, place } = axisOf(low, high);
  expect(ticks).toContain(0);
  expect(ticks.length).toBeLessThanOrEqual(7);
  expect(place(low)).toBeGreaterThanOrEqual(0);
  expect(place(high)).toBeLessThanOrEqual(1);
  const [first = 0, second = 0] = ticks;
  expect([1, 2, 5]).toContain(Number((second - first).toExponential(3).charAt(0)));
});

test('labels are thinned out, and intervals have names', () => {
  expect([labelEvery(7, 12), labelEvery(30, 12)]).toEqual([1, 3]);
  expect([intervalName('day', '2026-11-02'), intervalName('week', '2026-11-02'), intervalName('month', '2026-11-01')]).toEqual(['Nov 2', 'week of Nov 2', 'Nov 2026']);
});
