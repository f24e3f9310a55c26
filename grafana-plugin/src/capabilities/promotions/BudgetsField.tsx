// What a campaign's discounts may cost in all, one cap per currency.
import { useId } from 'react';
import { Button, Combobox, Field, Input, Stack } from '@grafana/ui';
import type { Form } from '../../platform/use-form.ts';
import type { BudgetValues, CampaignValues } from './campaign-form.ts';
import { CURRENCY_CHOICES, CURRENCY_CODES, FIRST_CURRENCY } from './currencies.ts';

export function BudgetsField({ form }: { form: Form<CampaignValues, unknown> }) {
  const id = useId();
  const { budgets } = form.values;
  const set = (next: readonly BudgetValues[]) => form.set({ budgets: next });
  const change = (index: number, patch: Partial<BudgetValues>) => set(budgets.map((budget, each) => (each === index ? { ...budget, ...patch } : budget)));
  const unused = CURRENCY_CODES.find((code) => !budgets.some(({ currency }) => currency === code));
  const error = form.error('budgets');
  return (
    <Field label="Budget" description={budgets.length === 0 ? 'No cap.' : 'Currencies without a cap are refused.'} invalid={error !== undefined} error={error && 'An amount of its currency, more than nothing.'} noMargin>
      <Stack direction="column" gap={1}>
        {budgets.map(({ currency, limit }, index) => (
          <Stack key={currency} direction="row" gap={1} alignItems="center">
            <Input id={`${id}-${index}`} aria-label={`Budget, ${currency}`} value={limit} width={18} suffix={currency} placeholder="5000.00" onChange={(event) => change(index, { limit: event.currentTarget.value })} />
            <Combobox<string> aria-label={`Currency of budget ${index + 1}`} width={14} options={CURRENCY_CHOICES.filter(({ value }) => value === currency || !budgets.some((each) => each.currency === value))} value={currency} onChange={({ value }) => change(index, { currency: value })} />
            <Button type="button" size="sm" variant="secondary" icon="trash-alt" aria-label={`Remove the budget in ${currency}`} onClick={() => set(budgets.filter((_, each) => each !== index))} />
          </Stack>
        ))}
        <div>
          <Button type="button" size="sm" variant="secondary" icon="plus" disabled={unused === undefined} onClick={() => set([...budgets, { currency: unused ?? FIRST_CURRENCY, limit: '' }])}>
            Add a cap
          </Button>
        </div>
      </Stack>
    </Field>
  );
}
