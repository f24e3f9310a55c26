// What an experiment says, in words. What forbids to believe it comes first: a metric that is none, a broken ratio, a
// violated guardrail; only then the effects.
import type { ExperimentEffect, ExperimentInterval, ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { FLOOR } from './statistics/sample-ratio.ts';

type Verdict = ExperimentSummary['verdict'];

export interface Findings {
  readonly metric: ExperimentSummary['metric'];
  readonly mode: 'sequential' | 'fixed';
  readonly isStopped: boolean;
  readonly exposed: number;
  /** Each variant has its planned size. */
  readonly isPlannedReached: boolean;
  readonly plannedN: number;
  readonly isRatioBroken: boolean;
  /** Names. */
  readonly violated: readonly string[];
  /** Of each treatment, CUPED's where there is one. */
  readonly effects: readonly { readonly variant: string; readonly effect: ExperimentEffect | null }[];
}

export function verdictOf(findings: Findings): Verdict {
  const { metric, mode, isStopped, exposed, isPlannedReached, plannedN, isRatioBroken, violated, effects } = findings;
  if (isRatioBroken) {
    return { state: 'mismatch', text: 'The variants did not get users in the planned ratio, so their users differ in more than the variant. Find the cause before you believe any number here.' };
  }
  if (violated.length > 0) {
    return { state: 'blocked', text: `Do not ship: ${violated.join(', ')} ${violated.length === 1 ? 'is' : 'are'} violated, whatever the metric says.` };
  }
  if (metric.kind === null) {
    return { state: 'not_computable', text: `“${metric.text}” cannot be computed here. Exposures, their ratio and guardrails are still watched.` };
  }
  const told = effects.filter((each): each is { variant: string; effect: ExperimentEffect } => each.effect !== null);
  if (exposed < FLOOR || told.length === 0) {
    return { state: 'collecting', text: isStopped ? 'It was stopped before there was enough to say anything.' : 'There is not enough to say anything yet.' };
  }
  if (mode === 'fixed' && !isPlannedReached) {
    const size = plannedN.toLocaleString('en-US');
    return { state: 'undecided', text: isStopped ? `It was stopped before each variant had the ${size} users it was planned for, so nothing is read.` : `It is read once, when each variant has ${size} users.` };
  }
  const higher = told.filter(({ effect }) => (effect.difference.lower ?? 0) > 0);
  const lower = told.filter(({ effect }) => (effect.difference.upper ?? 0) < 0);
  if (higher.length > 0 || lower.length > 0) {
    const state = higher.length > 0 && lower.length > 0 ? 'mixed' : higher.length > 0 ? 'higher' : 'lower';
    return { state, text: [...higher.map((each) => sentence(each, 'raises')), ...lower.map((each) => sentence(each, 'lowers'))].join(' ') };
  }
  return isPlannedReached
    ? { state: 'no_difference', text: 'The planned size is reached, and no difference can be told from chance.' }
    : { state: 'undecided', text: isStopped ? 'It was stopped while no difference could be told from chance.' : 'No difference can be told from chance so far.' };
}

const sentence = ({ variant, effect }: { readonly variant: string; readonly effect: ExperimentEffect }, verb: 'raises' | 'lowers'): string =>
  `“${variant}” ${verb} the metric ${effect.relative === null ? `by ${span(effect.difference, plain)}` : `by ${span(effect.relative, percent)}`}.`;

const percent = (value: number): string => `${(Math.abs(value) * 100).toFixed(1)}%`;
const plain = (value: number): string => Math.abs(value).toPrecision(2);

/** "12.0% (3.1% to 20.9%)", without signs: the verb tells the direction, and both ends have it. */
function span({ lower, point, upper }: ExperimentInterval, write: (value: number) => string): string {
  const ends = [lower ?? point, upper ?? point].map(Math.abs).sort((a, b) => a - b).map(write);
  return `${write(point)} (${ends.join(' to ')})`;
}
