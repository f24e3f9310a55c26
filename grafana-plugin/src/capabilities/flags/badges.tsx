// State and stage of life of a flag, in words and colours that are the same everywhere.
import type { FlagSummary } from '@admin-center/contracts/flags';
import { Badge, type BadgeColor, type IconName } from '@grafana/ui';
import { words } from '../../platform/format.ts';

const STATES = {
  on: { color: 'green', icon: 'check' },
  off: { color: 'darkgrey', icon: 'circle' },
  killed: { color: 'red', icon: 'exclamation-triangle' },
  archived: { color: 'darkgrey', icon: 'archive-alt' },
} as const satisfies Record<FlagSummary['state'], { color: BadgeColor; icon: IconName }>;

const LIFECYCLES: Readonly<Record<FlagSummary['lifecycle'], { color: BadgeColor; meaning: string }>> = {
  new: { color: 'blue', meaning: 'Not evaluated by a host yet.' },
  live: { color: 'green', meaning: 'Evaluated by hosts.' },
  stale: { color: 'orange', meaning: 'Served one variant alone for 30 days, or was not evaluated for 14: the code may not need it any more.' },
  killed: { color: 'red', meaning: 'Switched off in an emergency.' },
  archived: { color: 'darkgrey', meaning: 'Served no more; kept for its history.' },
};

export const lifecycleMeaning = (lifecycle: FlagSummary['lifecycle']): string => LIFECYCLES[lifecycle].meaning;

export const StateBadge = ({ state }: { state: FlagSummary['state'] }) => <Badge text={state} color={STATES[state].color} icon={STATES[state].icon} />;
export const LifecycleBadge = ({ lifecycle }: { lifecycle: FlagSummary['lifecycle'] }) => <Badge text={lifecycle} color={LIFECYCLES[lifecycle].color} tooltip={LIFECYCLES[lifecycle].meaning} />;

const RAMPS: Readonly<Record<NonNullable<FlagSummary['ramp']>, BadgeColor>> = {
  idle: 'darkgrey',
  running: 'blue',
  held: 'orange',
  waiting: 'purple',
  paused: 'darkgrey',
  rolled_back: 'red',
  aborted: 'orange',
  done: 'green',
};
export const RampBadge = ({ state }: { state: NonNullable<FlagSummary['ramp']> }) => <Badge text={`ramp ${words(state)}`} color={RAMPS[state]} icon="graph-bar" />;

const EXPERIMENTS: Readonly<Record<NonNullable<FlagSummary['experiment']>, BadgeColor>> = { draft: 'darkgrey', running: 'purple', stopped: 'darkgrey' };
export const ExperimentBadge = ({ state }: { state: NonNullable<FlagSummary['experiment']> }) => <Badge text={`experiment ${state}`} color={EXPERIMENTS[state]} icon="process" />;
