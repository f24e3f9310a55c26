// The waterfall: the identity of D8, end - start = new + reactivation + expansion - contraction - churn - paused.
import { axisStart, waterfallSteps } from './waterfall.ts';

const amounts = (values: Record<string, number>) => new Map(Object.entries(values));

test('starts where revenue was and ends where it is, each step from where the last one ended', () => {
  const steps = waterfallSteps(amounts({ total: 1000, new: 200, expansion: 50, reactivation: 10, contraction: 20, churn: 90, paused: 0 }));
  expect(steps.map(({ name }) => name)).toEqual(['30 days ago', 'new', 'expansion', 'reactivation', 'contraction', 'churn', 'now']);
  expect(steps[0]).toEqual({ name: '30 days ago', kind: 'level', from: 0, to: 850 });
  expect(steps[1]).toEqual({ name: 'new', kind: 'gain', from: 850, to: 1050 });
  expect(steps[5]).toEqual({ name: 'churn', kind: 'loss', from: 1090, to: 1000 });
  expect(steps[6]).toEqual({ name: 'now', kind: 'level', from: 0, to: 1000 });
});

test('pauses have a step only where there are pauses', () => {
  expect(waterfallSteps(amounts({ total: 100, paused: 30 })).map(({ name }) => name)).toContain('paused');
});

test('without a total there is nothing to show', () => {
  expect(waterfallSteps(amounts({ new: 5 }))).toEqual([]);
});

test('the axis leaves zero out, but never goes below it', () => {
  expect(axisStart(waterfallSteps(amounts({ total: 10_100, new: 200, churn: 100 })))).toBe(9900);
  expect(axisStart(waterfallSteps(amounts({ total: 100, new: 100 })))).toBe(0);
});
