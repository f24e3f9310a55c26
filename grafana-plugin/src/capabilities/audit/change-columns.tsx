// A ranked change as a row: how likely it is the cause, what it was, by whom and why, and what the series did after it.
import type { Change } from '@admin-center/contracts/audit';
import { Badge, TextLink, type BadgeColor } from '@grafana/ui';
import type { Column } from '../../platform/DataTable.tsx';
import { formatValue, words } from '../../platform/format.ts';
import { formatInstant } from '../../platform/time.tsx';
import type { Ranked } from '../../platform/what-changed/rank-changes.ts';
import type { StepFit } from '../../platform/what-changed/step-fit.ts';
import { auditEntryUrl } from '../../routes.ts';
import { Reason, Target } from './audit-columns.tsx';

const COLORS: Readonly<Record<Ranked<Change>['verdict'], BadgeColor>> = { likely: 'green', possible: 'blue', unlikely: 'darkgrey' };

/** "2 min", "3 hours": whole numbers of the largest unit that fits. */
export function duration(milliseconds: number): string {
  const units = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const;
  const [unit, size] = units.find(([, each]) => Math.abs(milliseconds) >= each) ?? ['second', 1_000];
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(Math.abs(milliseconds) / size);
}

/** "812 → 640 (−172, with 95% certainty between −190 and −150)" */
export function levels({ before, after, effect, low, high }: StepFit, unit: string): string {
  const show = (value: number) => formatValue(value, unit);
  return `${show(before)} → ${show(after)} (${signed(effect, unit)}, with 95% certainty between ${signed(low, unit)} and ${signed(high, unit)})`;
}
const signed = (value: number, unit: string): string => `${value < 0 ? '−' : '+'}${formatValue(Math.abs(value), unit)}`;

const actor = ({ actor: by }: Change): string => (by === null ? '–' : (by.email ?? words(by.role)));

const when = ({ change, distance }: Ranked<Change>): string =>
  distance === null ? formatInstant(change.at) : `${duration(distance)} ${distance < 0 ? 'after' : 'before'} the step`;

export const changeColumns = (unit: string): ReadonlyArray<Column<Ranked<Change>>> => [
  { id: 'verdict', header: 'Cause', cell: ({ verdict }) => <Badge text={verdict} color={COLORS[verdict]} /> },
  {
    id: 'action',
    header: 'Change',
    cell: ({ change: { action, auditSequence, target } }) =>
      auditSequence === null || target === null ? action : <TextLink href={auditEntryUrl(auditSequence, target.id)} color="link" inline={false}>{action}</TextLink>,
  },
  { id: 'target', header: 'On', cell: ({ change: { target } }) => (target === null ? '–' : <Target target={target} />) },
  { id: 'when', header: 'When', cell: (ranked) => <span title={formatInstant(ranked.change.at)}>{when(ranked)}</span> },
  { id: 'effect', header: 'The series after it', cell: ({ step }) => (step === null ? 'too close to the edge' : levels(step, unit)), wrap: true },
  { id: 'actor', header: 'By', cell: ({ change }) => actor(change), wideOnly: true },
  { id: 'reason', header: 'Reason', cell: ({ change: { reason } }) => <Reason text={reason} />, fills: true, wideOnly: true },
];
