// Discounts in words; amounts as typed, to the minor unit.
import { couponText, fromMinor, limitsText, toMinor, usedText } from './words.ts';

test.each([
  [{ discount: { kind: 'percent', percentOff: 12.5 }, duration: { kind: 'once' } }, '12.5% off once'],
  [{ discount: { kind: 'percent', percentOff: 100 }, duration: { kind: 'repeating', months: 1 } }, '100% off for 1 month'],
  [{ discount: { kind: 'amount', amountOffMinor: 1000, currency: 'EUR' }, duration: { kind: 'forever' } }, '€10.00 off forever'],
  [{ discount: { kind: 'amount', amountOffMinor: 500, currency: 'JPY' }, duration: { kind: 'repeating', months: 3 } }, '¥500 off for 3 months'],
] as const)('%j', (coupon, text) => {
  expect(couponText(coupon)).toBe(text);
});

test.each([
  ['12.50', 'USD', 1250],
  ['12.5', 'USD', 1250],
  ['12', 'USD', 1200],
  ['500', 'JPY', 500],
  ['0.001', 'KWD', 1],
  [' 7 ', 'EUR', 700],
])('%s %s', (text, currency, minor) => {
  expect(toMinor(text, currency)).toBe(minor);
  expect(toMinor(fromMinor(minor, currency), currency)).toBe(minor);
});

test.each([
  ['12.505', 'USD'],
  ['1.5', 'JPY'],
  ['-3', 'USD'],
  ['1e3', 'USD'],
  ['12,50', 'EUR'],
  ['', 'USD'],
])('%j %s is no amount', (text, currency) => {
  expect(toMinor(text, currency)).toBeNaN();
});

test('uses and limits', () => {
  expect(usedText(1200, null)).toBe('1,200');
  expect(usedText(3, 10)).toBe('3 of 10');
  expect(limitsText({ firstTimeTransaction: true, minimumAmount: { amountMinor: 2000, currency: 'USD' }, maxPerUser: 1, userId: null })).toBe('first payment only, from $20.00, 1 per user');
  expect(limitsText({ firstTimeTransaction: false, minimumAmount: null, maxPerUser: null, userId: null })).toBe('none');
});
