// Steps and Grafana's own variables. Expected values are worked out by hand from the rules of Grafana's Prometheus data source.
import { describe, expect, test } from '@jest/globals';
import {
  calculateRateInterval,
  calculateStep,
  formatExact,
  formatInterval,
  parseDuration,
  type IntervalRequest,
} from './interval.ts';
import { interpolate } from './interpolate.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const request = (range: number, rest: Partial<IntervalRequest> = {}): IntervalRequest => ({
  fromMs: 0,
  toMs: range,
  maxDataPoints: 1_000,
  intervalMs: undefined,
  minStep: undefined,
  intervalFactor: undefined,
  scrapeInterval: '15s',
  ...rest,
});

describe('the step', () => {
  test.each([
    // range / points is below the minimum: the minimum itself, not rounded
    ['15 minutes, 1000 points, scraped every 15 s', request(15 * MINUTE), 15 * SECOND],
    ['15 minutes at an interval of 5 s', request(15 * MINUTE, { intervalMs: 5 * SECOND }), 5 * SECOND],
    // 6 h / 1000 = 21.6 s → rounded to 20 s
    ['6 hours', request(6 * HOUR), 20 * SECOND],
    // 24 h / 1000 = 86.4 s → 1 m
    ['24 hours', request(DAY), MINUTE],
    // 30 d / 1000 = 2592 s → 30 m
    ['30 days', request(30 * DAY), 30 * MINUTE],
    // 30 d / 100 = 7.2 h → 6 h
    ['30 days in 100 points', request(30 * DAY, { maxDataPoints: 100 }), 6 * HOUR],
    ['without points: 1500', request(6 * HOUR, { maxDataPoints: undefined }), 15 * SECOND],
    ['a minimum step wins over the interval', request(15 * MINUTE, { intervalMs: 5 * SECOND, minStep: '1m' }), MINUTE],
    ['a minimum step below what fits is not enough', request(DAY, { minStep: '5s' }), MINUTE],
    // 200 d with a step of 15 s would be 1.15 million points; 200 d / 11000 = 1571 s → 30 m
    [
      'never more than Prometheus serves',
      request(200 * DAY, { maxDataPoints: 1_000_000, minStep: '15s' }),
      30 * MINUTE,
    ],
    ['a factor multiplies it', request(6 * HOUR, { intervalFactor: 2 }), 40 * SECOND],
    ['$__interval as the minimum step changes nothing', request(6 * HOUR, { minStep: '$__interval' }), 20 * SECOND],
    // $__rate_interval as the minimum step: max(20 s + 15 s, 60 s)
    ['$__rate_interval as the minimum step', request(6 * HOUR, { minStep: '${__rate_interval}' }), MINUTE],
    ['0s is no minimum step', request(15 * MINUTE, { minStep: '0s' }), 15 * SECOND],
  ])('%s', (_case, given, step) => {
    expect(calculateStep(given)).toBe(step);
  });

  test('needs a minimum step that is a duration', () => {
    expect(() => calculateStep(request(HOUR, { minStep: 'often' }))).toThrow(/"often" is not a duration/);
  });
});

describe('$__rate_interval', () => {
  test.each([
    ['four scrapes at least', request(15 * MINUTE, { intervalMs: SECOND }), 15 * SECOND, MINUTE],
    [
      'the interval and one scrape more when that is longer',
      request(DAY, { intervalMs: 2 * MINUTE }),
      2 * MINUTE,
      135 * SECOND,
    ],
    [
      'the minimum step in place of the scrape interval',
      request(15 * MINUTE, { intervalMs: SECOND, minStep: '1m' }),
      MINUTE,
      4 * MINUTE,
    ],
    [
      'the step itself when that is what was asked for',
      request(6 * HOUR, { minStep: '$__rate_interval' }),
      MINUTE,
      MINUTE,
    ],
  ])('is %s', (_case, given, step, rate) => {
    expect(calculateRateInterval(given, step)).toBe(rate);
  });
});

test.each([
  ['sum(rate(x[$__rate_interval]))', 'sum(rate(x[1m]))'],
  ['sum(rate(x[${__rate_interval}]))', 'sum(rate(x[1m]))'],
  ['$__interval $__interval_ms ${__interval_ms}', '20s 20000 20000'],
  ['increase(x[$__range]) $__range_s $__range_ms', 'increase(x[21600s]) 21600 21600000'],
  ['$__rate_interval_ms', '60000'],
  ['$customer ${customer} $__unknown', '$customer ${customer} $__unknown'],
])('%s becomes %s', (expression, expected) => {
  const given = request(6 * HOUR, { intervalMs: 20 * SECOND });
  expect(interpolate(expression, given, calculateStep(given))).toBe(expected);
});

test.each([
  ['15s', 15_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['1w', 604_800_000],
  ['>30s', 30_000],
  ['30', 30_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [15_000, '15s', '15s'],
  [90_000, '1m', '1m30s'],
  [DAY, '1d', '24h'],
  [500, '500ms', '500ms'],
  [3_600_500, '1h', '1h500ms'],
])('%i ms is %s rounded down and %s exactly', (ms, rounded, exact) => {
  expect(formatInterval(ms)).toBe(rounded);
  expect(formatExact(ms)).toBe(exact);
});
