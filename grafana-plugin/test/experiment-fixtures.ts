// A running experiment with a result, for tests.
import type { ExperimentResult } from '@admin-center/contracts/conversion-experiments';

const interval = (lower: number, point: number, upper: number) => ({ lower, point, upper });

export const EXPERIMENT: ExperimentResult = {
  flag: 'checkout-layout',
  name: 'Checkout layout',
  run: 2,
  state: 'running',
  startedAt: '2026-11-01T09:00:00Z',
  stoppedAt: null,
  metric: { text: 'event:Checkout Started', kind: 'event', name: 'Checkout Started', description: 'Share of users with “Checkout Started” after they were exposed' },
  mode: 'sequential',
  plannedN: 5000,
  exposed: 4000,
  ratio: { state: 'ok', p: 0.42, anytimeP: 0.9, deviation: 0.003 },
  verdict: { state: 'higher', text: '“short” raises the metric by 70.0% (31.0% to 109.0%).' },
  daysToDecision: 0,
  hypothesis: 'A shorter checkout makes more people finish it.',
  control: 'control',
  weights: [
    { variant: 'control', weight: 1 },
    { variant: 'short', weight: 1 },
  ],
  alpha: 0.05,
  comparisons: 1,
  nStar: 5000,
  isReadable: true,
  variants: [
    { variant: 'control', isControl: true, users: 2010, plannedShare: 0.5, mean: 0.1, effect: null, adjusted: null },
    {
      variant: 'short',
      isControl: false,
      users: 1990,
      plannedShare: 0.5,
      mean: 0.17,
      effect: { difference: interval(0.03, 0.07, 0.11), relative: interval(0.31, 0.7, 1.09), p: null },
      adjusted: { difference: interval(0.04, 0.07, 0.1), relative: interval(0.41, 0.7, 0.99), p: null },
    },
  ],
  crossover: { users: 12, share: 0.003, isHigh: false },
  cuped: { theta: 0.8, reduction: 0.35 },
  guardrails: [{ name: 'errors', state: 'not_evaluated', at: null, message: 'Not evaluated since the start.', before: { state: 'ok', at: '2026-06-30T09:00:00Z' } }],
  days: ['2026-11-01', '2026-11-02', '2026-11-03'].map((day, index) => ({
    day,
    variants: [
      { variant: 'control', users: 600 * (index + 1), mean: 0.1, difference: null },
      { variant: 'short', users: 600 * (index + 1), mean: 0.17, difference: interval(0.07 - 0.09 / (index + 1), 0.07, 0.07 + 0.09 / (index + 1)) },
    ],
  })),
  runs: [
    { run: 2, startedAt: '2026-11-01T09:00:00Z', stoppedAt: null },
    { run: 1, startedAt: '2026-10-01T09:00:00Z', stoppedAt: '2026-10-05T09:00:00Z' },
  ],
};

/** The same as a plan for one reading, before its size is reached. */
export const FIXED: ExperimentResult = {
  ...EXPERIMENT,
  mode: 'fixed',
  isReadable: false,
  cuped: null,
  verdict: { state: 'undecided', text: 'It is read once, when each variant has 5,000 users.' },
  daysToDecision: 6.2,
  variants: EXPERIMENT.variants.map((variant) => ({ ...variant, adjusted: null, effect: variant.isControl ? null : { difference: { lower: null, point: 0.07, upper: null }, relative: { lower: null, point: 0.7, upper: null }, p: null } })),
};
