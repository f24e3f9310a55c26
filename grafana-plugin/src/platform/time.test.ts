// Instants in the reader's time zone, which they name.
import { setTimeZoneResolver } from '@grafana/data';
import { formatInstant } from './time.tsx';

afterEach(() => setTimeZoneResolver(() => 'browser'));

test.each([
  ['utc', '2026-11-29 09:20:00 UTC'],
  ['Europe/Berlin', '2026-11-29 10:20:00 CET'],
  ['browser', '2026-11-29 09:20:00 UTC'],
])('in %s', (zone, text) => {
  setTimeZoneResolver(() => zone);
  expect(formatInstant('2026-11-29T09:20:00.000Z')).toMatch(text);
});
