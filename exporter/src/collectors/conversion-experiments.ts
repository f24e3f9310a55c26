// Experiments as series, part of the conversion collector. The worker computed them: a reader of SQL has no statistics.
import { type Collector, samplesOf } from '../collector.ts';

export const experiments: Pick<Collector, 'present' | 'mayBeAbsent' | 'samples'> = {
  present: ['SELECT fact, 0 AS step, value AS delta, experiment, variant, bound FROM admin_center.experiment_fact'],
  // Without an experiment that runs.
  mayBeAbsent: ['admincenter_experiment_exposed_users', 'admincenter_experiment_srm_pvalue', 'admincenter_experiment_effect_ratio'],
  samples: (facts) => [
    ...samplesOf('admincenter_experiment_exposed_users', facts.totals('exposed')),
    ...samplesOf('admincenter_experiment_srm_pvalue', facts.totals('srm')),
    ...samplesOf('admincenter_experiment_effect_ratio', facts.totals('effect')),
  ],
};
