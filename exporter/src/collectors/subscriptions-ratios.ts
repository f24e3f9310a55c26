// What is worked out of the facts of revenue: totals and movements (D8), churn (D6, D7), retention, ARPU, conversion (D11).
import { CURRENCIES } from '@admin-center/contracts/subscriptions';
import { ratio, type Sample, sampleOf } from '../collector.ts';
import type { Facts, Total } from '../facts.ts';

const MINOR_PER_MAJOR = 100;
const WINDOWS = ['30d', '90d'] as const;

type Window = (typeof WINDOWS)[number];

/** Sums by currency; those that are not in the contract together as `other`. */
function byCurrency(totals: readonly Total[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of totals) {
    const currency = (CURRENCIES as readonly string[]).includes(labels['currency'] ?? '') ? (labels['currency'] as string) : 'other';
    sums.set(currency, (sums.get(currency) ?? 0) + value);
  }
  return sums;
}

const major = (metric: string, labels: Readonly<Record<string, string>>, sums: ReadonlyMap<string, number>): Sample[] =>
  [...sums].map(([currency, minor]) => ({ metric, labels: { ...labels, currency }, value: minor / MINOR_PER_MAJOR }));

const movements = (facts: Facts, window: Window, component: string): readonly Total[] =>
  facts.totals('movement').filter(({ labels }) => labels['window'] === window && labels['component'] === component);

/** In money; movements that have no currency count users. */
const moved = (facts: Facts, window: Window, component: string): readonly Total[] =>
  movements(facts, window, component).filter(({ labels }) => labels['currency'] !== undefined);

/**
 * Recurring revenue now, and how it moved over the trailing 30 days.
 * @throws Error when the two do not add up to the cent (D8): then a query is wrong, and no number is better than that one
 */
export function mrr(facts: Facts): Sample[] {
  const unexplained = byCurrency([
    ...facts.totals('mrr'),
    ...['start', 'new', 'expansion', 'reactivation'].flatMap((component) => moved(facts, '30d', component)).map(({ labels, value }) => ({ labels, value: -value })),
    ...['contraction', 'churn'].flatMap((component) => moved(facts, '30d', component)),
  ]);
  for (const [currency, minor] of unexplained) {
    if (minor !== 0) {
      throw new Error(`Recurring revenue in ${currency} does not add up: ${minor} minor units of it are in no movement of the last 30 days`);
    }
  }
  return [
    ...major('admincenter_mrr_amount', { component: 'total' }, byCurrency(facts.totals('mrr'))),
    ...['new', 'expansion', 'contraction', 'churn', 'reactivation'].flatMap((component) =>
      major('admincenter_mrr_amount', { component }, byCurrency(moved(facts, '30d', component))),
    ),
  ];
}

export function arpu(facts: Facts): Sample[] {
  const payers = byCurrency(facts.totals('payers'));
  return [...byCurrency(facts.totals('mrr'))].flatMap(([currency, minor]) =>
    sampleOf('admincenter_arpu_amount', { currency }, ratio(minor / MINOR_PER_MAJOR, payers.get(currency) ?? 0)),
  );
}

/** Revenue at the start of the window and what became of it, in the currency that brought most then. */
function mainCurrency(facts: Facts, window: Window) {
  const start = moved(facts, window, 'start').reduce<Total | null>((most, total) => (most === null || total.value > most.value ? total : most), null);
  const amount = (component: string): number =>
    moved(facts, window, component).find(({ labels }) => labels['currency'] === start?.labels['currency'])?.value ?? 0;
  return { start: start?.value ?? 0, churn: amount('churn'), contraction: amount('contraction'), expansion: amount('expansion') };
}

/** D6 and D7. Who joined or came back within the window is in none of them. */
export function churn(facts: Facts): Sample[] {
  const users = (component: string): number => movements(facts, '30d', component).find(({ labels }) => labels['currency'] === undefined)?.value ?? 0;
  const { start, churn: lost, contraction, expansion } = mainCurrency(facts, '30d');
  const metric = 'admincenter_churn_ratio';
  return [
    ...sampleOf(metric, { kind: 'logo', window: '30d' }, ratio(users('churn'), users('start'))),
    ...sampleOf(metric, { kind: 'gross_revenue', window: '30d' }, ratio(lost + contraction, start)),
    ...sampleOf(metric, { kind: 'net_revenue', window: '30d' }, ratio(lost + contraction - expansion, start)),
  ];
}

/** D7, on those who paid at the start of the window. */
export const retention = (facts: Facts): Sample[] =>
  WINDOWS.flatMap((window) => {
    const { start, churn: lost, contraction, expansion } = mainCurrency(facts, window);
    return sampleOf('admincenter_net_revenue_retention_ratio', { window }, ratio(start - lost - contraction + expansion, start));
  });

/** D11, of the trials that matured in the trailing 30 days. */
export function conversion(facts: Facts): Sample[] {
  const converted = facts.totals('matured').find(({ labels }) => labels['state'] === 'converted')?.value ?? 0;
  return sampleOf('admincenter_trial_conversion_ratio', { cohort: 'matured_30d' }, ratio(converted, facts.sum('matured')));
}

/** Sales and refunds of the trailing 30 days; a refunded sale stays a sale. */
export function revenue(facts: Facts): Sample[] {
  const of = (kind: string): Map<string, number> => byCurrency(facts.totals('sales').filter(({ labels }) => labels['component'] === kind));
  const gross = of('gross');
  const refunded = of('refunded');
  const net = new Map([...new Set([...gross.keys(), ...refunded.keys()])].map((currency) => [currency, (gross.get(currency) ?? 0) - (refunded.get(currency) ?? 0)]));
  const metric = 'admincenter_revenue_amount';
  return [...major(metric, { kind: 'gross' }, gross), ...major(metric, { kind: 'refunded' }, refunded), ...major(metric, { kind: 'net' }, net)];
}
