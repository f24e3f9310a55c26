// An experiment as it was started: what its statistics are computed by.
import type { ExperimentMetricKind } from '@admin-center/contracts/conversion-experiments';
import type { FlagDefinition } from '@admin-center/contracts/flags-definition';
import { DEFAULT_N_STAR } from './statistics/confidence-sequence.ts';
import type { EffectSettings } from './statistics/effect.ts';

export interface Experiment {
  readonly id: number;
  readonly flag: string;
  readonly name: string;
  readonly run: number;
  readonly startedAt: Date;
  readonly stoppedAt: Date | null;
  readonly plan: NonNullable<FlagDefinition['experiment']>;
  readonly control: string;
  /** Those with a weight, in the order of the plan. */
  readonly variants: readonly string[];
  readonly metricKind: ExperimentMetricKind | null;
  readonly metricName: string | null;
  /** By what sums are divided: minor units of a major one, else 1. */
  readonly unit: number;
}

export const ALPHA = 0.05;

export const treatmentsOf = ({ variants, control }: Experiment): readonly string[] => variants.filter((variant) => variant !== control);
export const weightOf = ({ plan }: Experiment, variant: string): number => plan.weights.find((part) => part.variant === variant)?.weight ?? 0;

/** The error is shared out over the comparisons with the control (Bonferroni), so that more variants do not mean more luck. */
export const settingsOf = (experiment: Experiment): EffectSettings => ({
  mode: experiment.plan.analysis,
  alpha: ALPHA / Math.max(1, treatmentsOf(experiment).length),
  nStar: experiment.plan.plannedN > 0 ? experiment.plan.plannedN : DEFAULT_N_STAR,
});
