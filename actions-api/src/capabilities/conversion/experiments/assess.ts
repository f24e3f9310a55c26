// The result of an experiment from its sums: pure, so a page, the worker's series and a test all get the same.
import { describeMetric, type ExperimentEffect, type ExperimentResult, type ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { type Experiment, settingsOf, treatmentsOf, weightOf } from './experiment.ts';
import { type DayRow, type SeriesDay, seriesOf } from './series.ts';
import { cuped } from './statistics/cuped.ts';
import { daysToDecision } from './statistics/decision-time.ts';
import { type Effect, type EffectSettings, effectOf } from './statistics/effect.ts';
import { estimateOf, NOTHING, type Sums } from './statistics/moments.ts';
import { ALERT_P, FLOOR, sampleRatio } from './statistics/sample-ratio.ts';
import { runningP } from './statistics/sample-ratio-anytime.ts';
import type { GuardrailRow } from './store.ts';
import { verdictOf } from './verdict.ts';

const HIGH_CROSSOVER = 0.01;
const PACE_DAYS = 7;
const DAY_MS = 86_400_000;

export function assess(experiment: Experiment, rows: readonly DayRow[], guardrailRows: readonly GuardrailRow[], now: Date): Omit<ExperimentResult, 'runs'> {
  const { plan, variants, control, metricKind: kind, metricName, stoppedAt } = experiment;
  const settings = settingsOf(experiment);
  const series = seriesOf(experiment, rows, now);
  const sums = series.at(-1)?.sums ?? variants.map(() => NOTHING);
  const exposed = sums.reduce((sum, { users }) => sum + users, 0);
  const smallest = Math.min(...sums.map(({ users }) => users));
  const isPlannedReached = smallest >= plan.plannedN;
  const isReadable = settings.mode === 'sequential' || isPlannedReached;
  const ratio = ratioOf(experiment, series);
  const metric: ExperimentSummary['metric'] = { text: plan.metric, kind, name: metricName, description: kind === null ? 'Not computable here' : describeMetric({ kind, name: metricName }) };

  const compared = compare(experiment, kind === null ? sums.map(({ users }) => ({ ...NOTHING, users })) : sums, settings);
  const shown = (effect: Effect | null): ExperimentEffect | null => (effect === null ? null : contractOf(effect, isReadable));
  const best = (index: number): Effect | null => compared.adjusted?.[index] ?? compared.raw[index] ?? null;
  const guardrails = guardrailsOf(plan.guardrails, guardrailRows);
  const effects = variants.map((variant, index) => ({ variant, effect: shown(best(index)) })).filter(({ variant }) => variant !== control);
  const crossed = series.at(-1)?.crossed ?? 0;
  return {
    flag: experiment.flag, name: experiment.name, run: experiment.run, state: stoppedAt === null ? 'running' : 'stopped', startedAt: experiment.startedAt.toISOString(), stoppedAt: stoppedAt?.toISOString() ?? null,
    metric, mode: settings.mode, plannedN: plan.plannedN, exposed, ratio,
    verdict: verdictOf({
      metric, mode: settings.mode, isStopped: stoppedAt !== null, exposed, isPlannedReached, plannedN: plan.plannedN,
      isRatioBroken: exposed > FLOOR && ratio.anytimeP < ALERT_P, violated: guardrails.filter(({ state }) => state === 'violation').map(({ name }) => name), effects,
    }),
    daysToDecision: stoppedAt !== null || kind === null ? null : remaining(experiment, series, best, settings, now),
    hypothesis: plan.hypothesis, control, weights: plan.weights, alpha: settings.alpha, comparisons: treatmentsOf(experiment).length, nStar: settings.nStar, isReadable,
    variants: variants.map((variant, index) => ({
      variant, isControl: variant === control, users: sums[index]?.users ?? 0, plannedShare: weightOf(experiment, variant) / variants.reduce((sum, each) => sum + weightOf(experiment, each), 0),
      mean: kind === null ? 0 : estimateOf(sums[index] ?? NOTHING).mean, effect: shown(compared.raw[index] ?? null), adjusted: shown(compared.adjusted?.[index] ?? null),
    })),
    crossover: { users: crossed, share: exposed === 0 ? 0 : crossed / exposed, isHigh: exposed > 0 && crossed / exposed > HIGH_CROSSOVER },
    cuped: compared.cuped, guardrails,
    days: kind === null ? daysOf(experiment, series, () => null) : daysOf(experiment, series, (day) => {
      const { raw, adjusted } = compare(experiment, day.sums, settings);
      const readable = settings.mode === 'sequential' || Math.min(...day.sums.map(({ users }) => users)) >= plan.plannedN;
      return variants.map((_, index) => (adjusted?.[index] ?? raw[index] ?? null)).map((effect) => (effect === null ? null : contractOf(effect, readable).difference));
    }),
  };
}

interface Compared {
  /** By variant; null for the control. */
  readonly raw: readonly (Effect | null)[];
  readonly adjusted: readonly (Effect | null)[] | null;
  readonly cuped: { readonly theta: number; readonly reduction: number } | null;
}

function compare({ variants, control }: Experiment, sums: readonly Sums[], settings: EffectSettings): Compared {
  const place = variants.indexOf(control);
  const against = (estimates: readonly ReturnType<typeof estimateOf>[]) =>
    estimates.map((estimate, index) => (index === place ? null : effectOf(estimates[place] ?? estimate, estimate, settings)));
  const adjusted = cuped(sums);
  return {
    raw: against(sums.map(estimateOf)),
    adjusted: adjusted === null ? null : against(adjusted.adjusted),
    cuped: adjusted === null ? null : { theta: adjusted.theta, reduction: adjusted.reduction },
  };
}

const contractOf = ({ difference, relative, p }: Effect, readable: boolean): ExperimentEffect => {
  const shown = (interval: Effect['difference']) => (readable ? interval : { lower: null, point: interval.point, upper: null });
  return { difference: shown(difference), relative: relative === null ? null : shown(relative), p: readable ? p : null };
};

function ratioOf(experiment: Experiment, series: readonly SeriesDay[]): ExperimentSummary['ratio'] {
  const looks = series.map(({ sums }) => sums.map(({ users }, index) => ({ count: users, weight: weightOf(experiment, experiment.variants[index] ?? '') })));
  const now = looks.at(-1) ?? [];
  return { ...sampleRatio(now), anytimeP: runningP(looks) };
}

function remaining(experiment: Experiment, series: readonly SeriesDay[], best: (index: number) => Effect | null, settings: EffectSettings, now: Date): number | null {
  const recent = series.slice(-PACE_DAYS);
  const spent = Math.max(1 / 24, Math.min(PACE_DAYS, (now.getTime() - experiment.startedAt.getTime()) / DAY_MS));
  const perDay = (index: number): number => recent.reduce((sum, { added }) => sum + (added[index] ?? 0), 0) / spent;
  const users = (index: number): number => series.at(-1)?.sums[index]?.users ?? 0;
  const control = experiment.variants.indexOf(experiment.control);
  const times = treatmentsOf(experiment).map((variant) => {
    const index = experiment.variants.indexOf(variant);
    return daysToDecision(best(index), {
      users: users(control) + users(index), smallest: Math.min(users(control), users(index)), plannedN: experiment.plan.plannedN,
      perDay: perDay(control) + perDay(index), smallestPerDay: Math.min(perDay(control), perDay(index)),
    }, settings);
  });
  return times.some((time) => time === null || !Number.isFinite(time)) ? null : Math.max(...(times as number[]));
}

/** Guardrails are evaluated while a ramp of the flag is under way, so there may be nothing since the start. */
const guardrailsOf = (names: readonly string[], rows: readonly GuardrailRow[]): ExperimentResult['guardrails'] =>
  names.map((name) => {
    const said = rows.find(({ guardrail, during }) => guardrail === name && during);
    const earlier = rows.find(({ guardrail, during }) => guardrail === name && !during);
    const before = earlier === undefined ? null : { state: earlier.state, at: earlier.at.toISOString() };
    if (said !== undefined) {
      return { name, state: said.state, at: said.at.toISOString(), message: said.message, before };
    }
    const why = 'Not evaluated since the start: guardrails are only while a ramp of the flag is under way, and there was none.';
    return { name, state: 'not_evaluated', at: null, before, message: earlier === undefined ? why : `${why} In the ramp before the start it said: ${earlier.message}` };
  });

const daysOf = ({ variants }: Experiment, series: readonly SeriesDay[], differences: (day: SeriesDay) => readonly (ExperimentEffect['difference'] | null)[] | null): ExperimentResult['days'] =>
  series.map((day) => {
    const of = differences(day);
    return { day: day.day, variants: variants.map((variant, index) => ({ variant, users: day.sums[index]?.users ?? 0, mean: of === null ? 0 : estimateOf(day.sums[index] ?? NOTHING).mean, difference: of?.[index] ?? null })) };
  });
