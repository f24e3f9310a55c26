// Verdict and sample ratio of an experiment, in words and colours that are the same everywhere. Higher is not better for
// every metric, so an effect is blue, not green.
import type { ExperimentSummary } from '@admin-center/contracts/conversion-experiments';
import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import { formatP } from './words.ts';

const VERDICTS: Readonly<Record<ExperimentSummary['verdict']['state'], { text: string; color: BadgeColor; icon: IconName }>> = {
  not_computable: { text: 'not computable', color: 'darkgrey', icon: 'question-circle' },
  collecting: { text: 'collecting', color: 'darkgrey', icon: 'clock-nine' },
  mismatch: { text: 'broken ratio', color: 'red', icon: 'exclamation-triangle' },
  blocked: { text: 'blocked by a guardrail', color: 'red', icon: 'shield' },
  higher: { text: 'higher', color: 'blue', icon: 'arrow-up' },
  lower: { text: 'lower', color: 'orange', icon: 'arrow-down' },
  mixed: { text: 'mixed', color: 'purple', icon: 'exchange-alt' },
  no_difference: { text: 'no difference', color: 'darkgrey', icon: 'minus' },
  undecided: { text: 'undecided', color: 'darkgrey', icon: 'clock-nine' },
};

export const VerdictBadge = ({ verdict: { state, text } }: { verdict: ExperimentSummary['verdict'] }) => <Badge text={VERDICTS[state].text} color={VERDICTS[state].color} icon={VERDICTS[state].icon} tooltip={text} />;

const RATIOS: Readonly<Record<ExperimentSummary['ratio']['state'], { text: string; color: BadgeColor; meaning: string }>> = {
  too_few: { text: 'too few users', color: 'darkgrey', meaning: 'The ratio is judged from 100 users on.' },
  ok: { text: 'as planned', color: 'green', meaning: 'The variants got users in the planned ratio.' },
  warning: { text: 'unusual', color: 'orange', meaning: 'Such a ratio is seen less than once in a hundred experiments that are sound.' },
  alert: { text: 'broken', color: 'red', meaning: 'Such a ratio is seen less than once in a thousand experiments that are sound.' },
};

export const RatioBadge = ({ ratio: { state, p } }: { ratio: ExperimentSummary['ratio'] }) => (
  <Badge text={RATIOS[state].text} color={RATIOS[state].color} tooltip={`${RATIOS[state].meaning}${p === null ? '' : ` p = ${formatP(p)}.`}`} />
);

export const RunBadge = ({ state }: { state: ExperimentSummary['state'] }) => <Badge text={state} color={state === 'running' ? 'purple' : 'darkgrey'} />;
