// Numbers and money in words.
import { byWhom, currencyUnit, formatAmounts, formatMoney, formatShare, formatValue, plural, relativeChange } from './format.ts';

test('money keeps the digits of its currency', () => {
  expect(formatMoney(123450, 'USD')).toBe('$1,234.50');
  expect(formatMoney(-999, 'EUR')).toBe('-€9.99');
  expect(formatMoney(500, 'JPY')).toBe('¥500');
});

test('sums of several currencies stand side by side, never added', () => {
  expect(formatAmounts([{ currency: 'USD', amountMinor: 999 }, { currency: 'EUR', amountMinor: 500 }], 'none')).toBe('$9.99, €5.00');
  expect(formatAmounts([{ currency: 'USD', amountMinor: 0 }], 'none')).toBe('none');
});

test('units of the chosen currency', () => {
  expect(currencyUnit('EUR')).toBe('currencyEUR');
  expect(currencyUnit('SEK')).toBe('suffix: SEK');
  expect(currencyUnit('other')).toBe('short');
});

test('values read like those on a graph', () => {
  expect(formatValue(0.1234, 'percentunit', 1)).toBe('12.3%');
  expect(formatValue(90, 's', 1)).toBe('1.5 mins');
});

test('a share has a decimal where it needs one, and is a dash where it means nothing', () => {
  expect([formatShare(1, 8), formatShare(1, 2), formatShare(0, 3), formatShare(0, 0), formatShare(Number.NaN, 3)]).toEqual(['12.5%', '50%', '0%', '–', '–']);
});

test('one user, two users', () => {
  expect([plural(1, 'user'), plural(12345, 'user'), plural(2, 'entry', 'entries')]).toEqual(['1 user', '12,345 users', '2 entries']);
});

test('a change from nothing is no percentage', () => {
  expect(relativeChange(110, 100)).toBeCloseTo(0.1);
  expect(relativeChange(5, 0)).toBeUndefined();
  expect(relativeChange(undefined, 3)).toBeUndefined();
  expect(relativeChange(Number.NaN, 3)).toBeUndefined();
});

test('what a part of the product did is not shown by its id', () => {
  expect([byWhom('system:flag-schedule'), byWhom('ada@acme.example')]).toEqual(['the system (flag schedule)', 'ada@acme.example']);
});
