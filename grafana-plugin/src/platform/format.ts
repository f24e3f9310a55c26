// Numbers and money as people read them. Grafana's own formatters do the work, so that a table and a graph agree.
import { formattedValueToString, getValueFormat } from '@grafana/data';

/** Grafana's unit id of a currency; a code without one of its own is shown behind the number. */
const CURRENCY_UNITS: Readonly<Record<string, string>> = { USD: 'currencyUSD', EUR: 'currencyEUR', GBP: 'currencyGBP', JPY: 'currencyJPY', CHF: 'currencyCHF' };
export const currencyUnit = (code: string): string => CURRENCY_UNITS[code] ?? (code === 'other' ? 'short' : `suffix: ${code}`);

/** @param decimals undefined lets Grafana choose by size */
export function formatValue(value: number, unit: string, decimals?: number): string {
  const format = getValueFormat(unit);
  return formattedValueToString(format(value, decimals));
}

/** Minor units → "$1,234.50"; currencies without minor units keep their own number of digits. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amountMinor / 10 ** digits);
}

export const formatCount = (value: number): string => new Intl.NumberFormat('en').format(value);

/** A part of a whole: "12.5%", "50%", or a dash where that means nothing. */
export function formatShare(part: number, whole: number): string {
  const tenths = Math.round((1000 * part) / whole);
  return Number.isFinite(tenths) ? `${tenths / 10}%` : '–';
}

/** Sums per currency: "$120.00, €30.00", or the given text when there is none. */
export function formatAmounts(amounts: ReadonlyArray<{ currency: string; amountMinor: number }>, none: string): string {
  const shown = amounts.filter(({ amountMinor }) => amountMinor !== 0);
  return shown.length === 0 ? none : shown.map(({ amountMinor, currency }) => formatMoney(amountMinor, currency)).join(', ');
}

/** "1 user", "3 users" */
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** Numbers of the rows on a page: "26–50", or "7" for a single one. */
export const span = (first: number, count: number): string => (count === 1 ? formatCount(first) : `${formatCount(first)}–${formatCount(first + count - 1)}`);

/** `past_due` → "past due" */
export const words = (code: string): string => code.replaceAll('_', ' ');

/** Who did it, where a name is an address or a part of the product: `system:flag-schedule` → "the system (flag schedule)". */
export const byWhom = (name: string): string => (name.startsWith('system:') ? `the system (${name.slice('system:'.length).replaceAll('-', ' ')})` : name);

/** Change from one value to another as a ratio; undefined where it would mean nothing. */
export function relativeChange(now: number | undefined, before: number | undefined): number | undefined {
  if (now === undefined || before === undefined || !Number.isFinite(now) || !Number.isFinite(before) || before === 0) {
    return undefined;
  }
  return (now - before) / Math.abs(before);
}
