// What a guardrail says about its flag right now. Pure: measurements in, verdict out.
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import type { Sampling } from './sampler.ts';

export type Guardrail = FlagDefinition['guardrails'][number];

export interface Verdict {
  /** `hold`: it cannot be judged, so nothing may be built on it. */
  readonly state: 'ok' | 'hold' | 'violation';
  /** A sentence. */
  readonly why: string;
  readonly value: number | null;
  /** How many evaluations stand behind the value; null when they are not known or not asked for. */
  readonly sample: number | null;
}

/** Clocks that differ by more than this, or an answer this old, are no ground to judge on. */
export const STALE_MS = 60_000;

const COMPARE: Readonly<Record<Guardrail['comparison'], (value: number, threshold: number) => boolean>> = {
  '>': (value, threshold) => value > threshold,
  '>=': (value, threshold) => value >= threshold,
  '<': (value, threshold) => value < threshold,
  '<=': (value, threshold) => value <= threshold,
};

/** @param sample null when the guardrail has no minimum */
export function judge(guardrail: Guardrail, value: Sampling, sample: Sampling | null, now: Date): Verdict {
  const { comparison, threshold, minimumSample } = guardrail;
  const isBreached = (number: number): boolean => COMPARE[comparison](number, threshold);
  const measured = worst(value, comparison.startsWith('>') ? Math.max : Math.min);
  // Prometheus estimates increases, so counts come with a fraction.
  const estimate = sample === null ? null : worst(sample, Math.min);
  const count = estimate === null ? null : Math.round(estimate);
  const verdict = (state: Verdict['state'], why: string): Verdict => ({ state, why, value: measured, sample: count });
  const hold = (why: string): Verdict => verdict('hold', why);

  if (value.kind !== 'numbers') {
    return hold(value.why);
  }
  if (sample !== null && count === null) {
    return hold(`How often the variant was evaluated is not known.${sample.kind === 'numbers' ? '' : ` ${sample.why}`}`);
  }
  if ([value, sample].some((each) => each?.kind === 'numbers' && Math.abs(now.getTime() - each.at.getTime()) > STALE_MS)) {
    return hold(`The numbers are more than ${STALE_MS / 1_000} seconds away from our clock.`);
  }
  if (count !== null && count < minimumSample) {
    return hold(`The variant was evaluated ${count} times in the last 5 minutes; ${minimumSample} are needed to judge.`);
  }
  if (measured !== null && isBreached(measured)) {
    return verdict('violation', `${round(measured)} is ${comparison} ${threshold}.`);
  }
  // One series without a number may hide what the others do not show.
  if (measured === null || value.values.some(Number.isNaN)) {
    return hold('The query gives no number, as after a division by zero.');
  }
  return verdict('ok', `${round(measured)} is not ${comparison} ${threshold}.`);
}

/** Of several series the worst one counts. */
function worst(sampling: Sampling, choose: (...numbers: number[]) => number): number | null {
  const numbers = sampling.kind === 'numbers' ? sampling.values.filter((value) => !Number.isNaN(value)) : [];
  return numbers.length === 0 ? null : choose(...numbers);
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
