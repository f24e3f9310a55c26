// The four toggles of retention: mode, basis, event that starts, event that counts as coming back; and the interval.
import { Combobox, InlineField, RadioButtonGroup, Stack } from '@grafana/ui';
import { findEvents } from './find-events.ts';
import { COHORTS, type RetentionView } from './retention-view.ts';

const MODES = [
  { value: 'bounded', label: 'On', description: 'Bounded: active in the n-th interval.' },
  { value: 'unbounded', label: 'On or after', description: 'Unbounded: active in the n-th interval or a later one.' },
] as const;
const BASES = [
  { value: 'calendar', label: 'Calendar', description: 'UTC days, weeks from Monday, months.' },
  { value: 'own', label: 'Own 24 hours', description: 'Counted from each user’s own start.' },
] as const;
const INTERVALS = [
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
] as const;

interface Props {
  readonly view: RetentionView;
  readonly onView: (patch: Partial<RetentionView>) => void;
}

export const RetentionToolbar = ({ view, onView }: Props) => (
  <Stack direction="row" gap={1} wrap="wrap" alignItems="center">
    <RadioButtonGroup aria-label="Interval" size="sm" options={[...INTERVALS]} value={view.interval} onChange={(interval) => onView({ interval, cohorts: COHORTS[interval] })} />
    <RadioButtonGroup aria-label="Mode" size="sm" options={[...MODES]} value={view.mode} onChange={(mode) => onView({ mode })} />
    <RadioButtonGroup aria-label="Basis" size="sm" options={[...BASES]} value={view.basis} onChange={(basis) => onView({ basis })} />
    <EventChoice label="Starts with" none="first qualifying event" value={view.eventIn} onChange={(eventIn) => onView({ eventIn })} />
    <EventChoice label="Comes back with" none="any qualifying event" value={view.eventBack} onChange={(eventBack) => onView({ eventBack })} />
  </Stack>
);

interface ChoiceProps {
  readonly label: string;
  /** What holds while nothing is chosen. */
  readonly none: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

const EventChoice = ({ label, none, value, onChange }: ChoiceProps) => (
  <InlineField label={label} labelWidth="auto" transparent style={{ margin: 0 }}>
    <Combobox<string> aria-label={label} placeholder={none} width={26} isClearable options={findEvents} value={value === '' ? null : { value, label: value }} onChange={(option) => onChange(option?.value ?? '')} />
  </InlineField>
);
