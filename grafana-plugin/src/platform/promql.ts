// The one place PromQL is put together. Metric and label names are typed from contracts/, so a query over a metric that
// nobody serves does not compile. Strings only, no imports of Grafana: pages and the dashboard generator share it.
import type { audit } from '@admin-center/contracts/audit';
import type { core } from '@admin-center/contracts/core';
import type { engagement } from '@admin-center/contracts/engagement';
import type { flags } from '@admin-center/contracts/flags';
import type { impersonation } from '@admin-center/contracts/impersonation';
import type { promotions } from '@admin-center/contracts/promotions';
import type { subscriptions } from '@admin-center/contracts/subscriptions';
import type { users } from '@admin-center/contracts/users';
import type { conversion } from '@admin-center/contracts/conversion';
import type { distribution } from '@admin-center/contracts/distribution';

type Metric = (typeof core | typeof users | typeof engagement | typeof flags | typeof subscriptions | typeof audit | typeof impersonation | typeof promotions | typeof conversion | typeof distribution)['metrics'][number];
export type MetricName = Metric['name'];
export type LabelOf<M extends MetricName> = keyof Extract<Metric, { name: M }>['labels'] & string;

/** A string matches exactly, a list matches any of them, `{ re }` is a regular expression (for variables that mean "all"). */
export type Matcher = string | readonly string[] | { readonly re: string };
export type Selector<M extends MetricName> = { readonly [L in LabelOf<M>]?: Matcher };

const matcher = (label: string, value: Matcher): string => {
  if (typeof value === 'string') {
    return `${label}="${value}"`;
  }
  return `${label}=~"${'re' in value ? value.re : value.join('|')}"`;
};

/** `name{label="value"}`; labels in the order given. */
export function series<M extends MetricName>(name: M, selector: Selector<M> = {}): string {
  const matchers = Object.entries<Matcher | undefined>(selector).flatMap(([label, value]) => (value === undefined ? [] : [matcher(label, value)]));
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
}

/**
 * A gauge for a graph or a headline. The past is stored once an hour (docs/decisions/0007), so the last sample of an hour
 * stands for it; without this a month of history would show as gaps.
 */
export function gauge<M extends MetricName>(name: M, selector?: Selector<M>, offset?: string): string {
  return `last_over_time(${series(name, selector)}[1h]${offset ? ` offset ${offset}` : ''})`;
}

/** How much a counter grew in the window; Grafana's `$__rate_interval` and `$__range` are windows too. */
export function growth<M extends MetricName>(name: M, selector: Selector<M> | undefined, window: string, offset?: string): string {
  return `increase(${series(name, selector)}[${window}]${offset ? ` offset ${offset}` : ''})`;
}

/** How fast a counter grows, per second. */
export function rate<M extends MetricName>(name: M, selector: Selector<M> | undefined, window: string): string {
  return `rate(${series(name, selector)}[${window}])`;
}

/** A quantile of a histogram over the window. */
export function quantile<M extends MetricName>(q: number, name: M, window: string): string {
  return `histogram_quantile(${q}, sum by (le) (rate(${name}_bucket[${window}])))`;
}

/** `sum(...)`, or `sum by (a, b) (...)`. */
export const sum = (expression: string, ...by: string[]): string => (by.length === 0 ? `sum(${expression})` : `sum by (${by.join(', ')}) (${expression})`);

/** a / b without a point where b is 0, so that an empty hour is a gap and not infinity. */
export const ratio = (part: string, whole: string): string => `${part} / (${whole} > 0)`;
