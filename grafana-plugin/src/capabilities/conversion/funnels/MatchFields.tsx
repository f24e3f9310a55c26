// Which events a step or an exclusion is about: kind, name, and optionally the feature or one property they must have.
import { useId } from 'react';
import { conversion } from '@admin-center/contracts/conversion';
import { type STEP_TYPES } from '@admin-center/contracts/conversion-funnels';
import { Combobox, Field, Input, Stack } from '@grafana/ui';
import { formatCount } from '../../../platform/format.ts';
import { useApi } from '../../../platform/use-api.ts';
import type { ExclusionDraft, StepDraft } from './draft.ts';

const TYPES = [
  { value: 'track', label: 'Event' },
  { value: 'page', label: 'Page view' },
  { value: 'screen', label: 'Screen' },
] as const satisfies ReadonlyArray<{ value: (typeof STEP_TYPES)[number]; label: string }>;

type Match = Pick<StepDraft | ExclusionDraft, 'type' | 'event' | 'feature' | 'property'>;

/** Names that were sent of late, as suggestions; any other name may be typed, for what is to come. */
export function EventNames() {
  const { data } = useApi(conversion.endpoints.eventNames, {});
  return TYPES.map(({ value }) => (
    <datalist key={value} id={listOf(value)}>
      {data?.items.filter(({ type }) => type === value).map(({ name, events }) => <option key={name} value={name} label={`${name} (${formatCount(events)} in 30 days)`} />)}
    </datalist>
  ));
}

const listOf = (type: Match['type']): string => `funnel-event-names-${type}`;

interface Props {
  readonly match: Match;
  /** Of what, for screen readers: "step 2". */
  readonly of: string;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (patch: Partial<Match>) => void;
}

export function MatchFields({ match, of, problem, onChange }: Props) {
  const id = useId();
  const error = problem('event');
  return (
    <Stack direction="row" gap={1} wrap="wrap" alignItems="flex-start">
      <Combobox aria-label={`Kind of ${of}`} width={14} options={[...TYPES]} value={match.type} onChange={({ value }) => onChange({ type: value })} />
      <Field noMargin invalid={error !== undefined} error={error}>
        <Input id={id} aria-label={`Name of ${of}`} width={26} placeholder={match.type === 'track' ? 'Signed Up' : 'Pricing'} value={match.event} list={listOf(match.type)} autoComplete="off" onChange={(event) => onChange({ event: event.currentTarget.value })} />
      </Field>
      <Input aria-label={`Feature of ${of}`} width={16} placeholder="any feature" value={match.feature ?? ''} autoComplete="off" onChange={(event) => onChange({ feature: event.currentTarget.value || null })} />
      <Input
        aria-label={`Property of ${of}`}
        width={16}
        placeholder="any property"
        value={match.property?.name ?? ''}
        autoComplete="off"
        onChange={(event) => onChange({ property: event.currentTarget.value === '' ? null : { name: event.currentTarget.value, value: match.property?.value ?? '' } })}
      />
      {match.property && (
        <Input aria-label={`Value of the property of ${of}`} width={16} placeholder="value" value={match.property.value} autoComplete="off" onChange={(event) => match.property && onChange({ property: { ...match.property, value: event.currentTarget.value } })} />
      )}
    </Stack>
  );
}
