// When in the week a campaign's codes work: days and hours in one time zone. None means always.
import { WEEKDAYS } from '@admin-center/contracts/promotions';
import { Button, Checkbox, Field, Input, Stack } from '@grafana/ui';
import { TextField } from '../../platform/FormFields.tsx';
import type { Form } from '../../platform/use-form.ts';
import type { CampaignValues, OpeningValues, Weekday } from './campaign-form.ts';

const WORKING_HOURS: OpeningValues = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' };

export function OpeningsField({ form }: { form: Form<CampaignValues, unknown> }) {
  const { openings } = form.values;
  const set = (next: readonly OpeningValues[]) => form.set({ openings: next });
  const change = (index: number, patch: Partial<OpeningValues>) => set(openings.map((opening, each) => (each === index ? { ...opening, ...patch } : opening)));
  const toggle = (days: readonly Weekday[], day: Weekday) => WEEKDAYS.filter((each) => (each === day ? !days.includes(day) : days.includes(each)));
  const error = form.error('openings');
  return (
    <>
      <Field label="Hours" description={openings.length === 0 ? 'Its codes work around the clock.' : undefined} invalid={error !== undefined} error={error && 'Each needs a day, and an end after its start; write two for a night.'} noMargin>
        <Stack direction="column" gap={1}>
          {openings.map(({ days, from, to }, index) => (
            <Stack key={index} direction="row" gap={1} alignItems="center" wrap="wrap">
              {WEEKDAYS.map((day) => (
                <Checkbox key={day} label={day} value={days.includes(day)} onChange={() => change(index, { days: toggle(days, day) })} />
              ))}
              <Input type="time" aria-label={`Hours ${index + 1}, from`} width={14} value={from} onChange={(event) => change(index, { from: event.currentTarget.value })} />
              <Input type="time" aria-label={`Hours ${index + 1}, to`} width={14} value={to === '24:00' ? '00:00' : to} onChange={(event) => change(index, { to: event.currentTarget.value })} />
              <Button type="button" size="sm" variant="secondary" icon="trash-alt" aria-label={`Remove hours ${index + 1}`} onClick={() => set(openings.filter((_, each) => each !== index))} />
            </Stack>
          ))}
          <div>
            <Button type="button" size="sm" variant="secondary" icon="plus" onClick={() => set([...openings, WORKING_HOURS])}>
              Add hours
            </Button>
          </div>
        </Stack>
      </Field>
      {openings.length > 0 && <TextField form={form} name="zone" label="Time zone of the hours" placeholder="Europe/Berlin" />}
    </>
  );
}
