// What decides whether an experiment may be believed: users, their ratio, crossovers, guardrails, and when it is decided.
import type { ExperimentResult } from '@admin-center/contracts/conversion-experiments';
import { Badge, Stack, Text, type BadgeColor } from '@grafana/ui';
import { Facts } from '../../../platform/Facts.tsx';
import { formatCount, formatValue, words } from '../../../platform/format.ts';
import { RatioBadge } from './badges.tsx';
import { formatDays, formatP } from './words.ts';

const GUARDRAILS: Readonly<Record<ExperimentResult['guardrails'][number]['state'], BadgeColor>> = { ok: 'green', hold: 'orange', violation: 'red', not_evaluated: 'darkgrey' };

export function ExperimentFacts({ result }: { result: ExperimentResult }) {
  const { exposed, plannedN, variants, ratio, crossover, guardrails, state, daysToDecision, cuped, comparisons, alpha } = result;
  return (
    <Facts
      label="About the experiment"
      facts={[
        ['Exposed', `${formatCount(exposed)} of ${formatCount(plannedN * variants.length)} planned, ${formatCount(plannedN)} a variant`],
        [
          'Sample ratio',
          <Stack key="ratio" direction="row" gap={1} alignItems="center" wrap="wrap">
            <RatioBadge ratio={ratio} />
            <Text color="secondary">{ratio.p === null ? '' : `p = ${formatP(ratio.p)}, however often it is looked at ${formatP(ratio.anytimeP)}`}</Text>
          </Stack>,
        ],
        ['Crossed over', `${formatCount(crossover.users)} (${formatValue(crossover.share, 'percentunit', 2)})${crossover.isHigh ? ': too many, find out why users change variants' : ''}; they count with the variant they saw first`],
        [
          'Guardrails',
          guardrails.length === 0 ? (
            'none in the plan'
          ) : (
            <Stack key="guardrails" direction="row" gap={1} wrap="wrap">
              {guardrails.map((guardrail) => (
                <Badge key={guardrail.name} text={`${guardrail.name}: ${words(guardrail.state)}${guardrail.state === 'not_evaluated' ? (guardrail.before === null ? ', no ramp yet' : `, ${words(guardrail.before.state)} in the ramp before the start`) : ''}`} color={GUARDRAILS[guardrail.state]} tooltip={guardrail.message} />
              ))}
            </Stack>
          ),
        ],
        ['Decision', state === 'stopped' ? 'stopped' : formatDays(daysToDecision)],
        ...(cuped === null ? [] : ([['CUPED', `takes ${formatValue(cuped.reduction, 'percentunit', 1)} of the variance away`]] as const)),
        ...(comparisons < 2 ? [] : ([['Error', `5% shared out over ${comparisons} comparisons: ${formatValue(alpha, 'percentunit', 2)} each (Bonferroni)`]] as const)),
      ]}
    />
  );
}
