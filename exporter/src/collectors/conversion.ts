// Conversion rates, how far the persons of each funnel come, and how long it takes them.
import { conversion as capability } from '@admin-center/contracts/conversion';
import type { Collector, Sample } from '../collector.ts';
import { ratio, sampleOf, samplesOf } from '../collector.ts';
import type { Facts } from '../facts.ts';
import { experiments } from './conversion-experiments.ts';

const RATES = 'SELECT * FROM admin_center.conversion_steps($1)';
const ENTERED = 'SELECT * FROM admin_center.funnel_steps($1)';
const ELAPSED = 'SELECT * FROM admin_center.funnel_elapsed_steps($1)';

export const conversion: Collector = {
  name: 'conversion',
  capability,
  intervalSeconds: 60,
  timeoutMs: 60_000,
  steps: [RATES, ENTERED, ELAPSED],
  // What the past is worked out from grows with it; the present needs less.
  now: { [RATES]: 'SELECT * FROM admin_center.conversion_now()', [ENTERED]: 'SELECT * FROM admin_center.funnel_now()', [ELAPSED]: 'SELECT * FROM admin_center.funnel_elapsed_now()' },
  present: experiments.present,
  // Without anybody who could have converted, and without a funnel that somebody entered.
  mayBeAbsent: ['admincenter_conversion_ratio', 'admincenter_funnel_conversion_ratio', 'admincenter_funnel_entered_users', 'admincenter_time_to_conversion_seconds', ...experiments.mayBeAbsent],
  samples: (facts) => [...rates(facts), ...funnels(facts), ...samplesOf('admincenter_time_to_conversion_seconds', facts.totals('took').filter(({ value }) => value > 0)), ...experiments.samples(facts)],
};

function rates(facts: Facts): Sample[] {
  const converted = new Map(facts.totals('converted').map(({ labels, value }) => [`${labels['cohort']} ${labels['from_tier']} ${labels['to_tier']}`, value]));
  return facts.totals('base').flatMap(({ labels, value }) => {
    const { cohort = '', from_tier = '' } = labels;
    return (from_tier === 'free' ? ['premium', 'enterprise'] : ['enterprise']).flatMap((to_tier) =>
      sampleOf('admincenter_conversion_ratio', { from_tier, to_tier, cohort }, ratio(converted.get(`${cohort} ${from_tier} ${to_tier}`) ?? 0, value)),
    );
  });
}

/** Step 1 is who entered; a funnel that nobody entered has no ratios. */
function funnels(facts: Facts): Sample[] {
  const reached = facts.totals('reached');
  const keyOf = (labels: Readonly<Record<string, string>>): string => `${labels['funnel']} ${labels['window']}`;
  const entered = new Map(reached.filter(({ labels }) => labels['stage'] === '1').map(({ labels, value }) => [keyOf(labels), value]));
  return reached.flatMap(({ labels, value }) => {
    const { funnel = '', window = '', stage: step = '' } = labels;
    return [
      ...(step === '1' ? [{ metric: 'admincenter_funnel_entered_users', labels: { funnel, window }, value }] : []),
      ...sampleOf('admincenter_funnel_conversion_ratio', { funnel, step, window }, ratio(value, entered.get(keyOf(labels)) ?? 0)),
    ];
  });
}
