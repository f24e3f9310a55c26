import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-05-04T08:00:00Z');

test.each([
  ['seconds', '5', 5_000],
  ['a date', 'Mon, 04 May 2026 08:00:20 GMT', 20_000],
  ['a day', '86400', 60_000],
  ['a date of tomorrow', 'Tue, 05 May 2026 08:00:00 GMT', 60_000],
  ['more than a number holds', '9'.repeat(400), 60_000],
  ['a date that is over', 'Sun, 03 May 2026 08:00:00 GMT', 0],
  ['less than nothing', '-5', 0],
  ['nonsense', 'soon', 0],
  ['nothing', null, 0],
])('%s', (_, header, pause) => {
  expect(retryAfterMs(header, now)).toBe(pause);
});
