// When an event happened is the same whichever zone the machine of the intake stands in.
import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

const RECEIVED = '2026-11-28T20:00:00Z';

/** In a process of its own: the zone of one that runs cannot be changed. */
function happened(zone: string, given: readonly (readonly [timestamp: string | null, sentAt: string | null])[]): readonly string[] {
  const script = `
    const { happenedAt } = await import(${JSON.stringify(new URL('./instant.ts', import.meta.url).href)});
    console.log(JSON.stringify(${JSON.stringify(given)}.map(([timestamp, sentAt]) => {
      const instant = happenedAt(Date.parse('${RECEIVED}'), timestamp, sentAt);
      return typeof instant === 'number' ? new Date(instant).toISOString() : instant;
    })));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { env: { ...process.env, TZ: zone, NODE_OPTIONS: '' }, encoding: 'utf8' })) as string[];
}

test.each(['UTC', 'America/New_York', 'Pacific/Kiritimati'])('of a sender, read in %s', (zone) => {
  const cases: readonly (readonly [timestamp: string | null, instant: string, sentAt?: string])[] = [
    ['2026-11-28T19:30:00Z', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28T19:30:00.5+02:00', '2026-11-28T17:30:00.500Z'],
    // Without an offset it is UTC: nothing else is known to both sides.
    ['2026-11-28T19:30:00', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28T19:30:00.123456', '2026-11-28T19:30:00.123Z'],
    ['2026-11-28T19:30', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28 19:30:00', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28', '2026-11-28T00:00:00.000Z'],
    ['2026-11-28 19:30:00Z', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28 19:30:00+00', '2026-11-28T19:30:00.000Z'],
    ['2026-11-28T19:30:00-0530', 'future'],
    ['2026-10-24T20:00:00Z', '2026-10-24T20:00:00.000Z'],
    ['2026-10-24T19:59:59.999Z', 'too_old'],
    ['2026-11-28T20:05:00Z', '2026-11-28T20:00:00.000Z'],
    ['2026-11-28T20:05:00.001Z', 'future'],
    ['2026-11-28 (of late)', 'invalid'],
    ['2026-11-28T19:30:00 GMT+2', 'invalid'],
    ['2026-13-28T19:30:00Z', 'invalid'],
    ['28.11.2026', 'invalid'],
    // A clock that is years ahead, by what it is wrong at both ends.
    ['2031-01-01T00:00:00', '2026-11-28T19:00:00.000Z', '2031-01-01T01:00:00'],
    ['2031-01-01T00:00:00', '2026-11-28T19:00:00.000Z', '2031-01-01T01:00:00Z'],
    [null, '2026-11-28T20:00:00.000Z', '2031-01-01T01:00:00Z'],
  ];
  expect(happened(zone, cases.map(([timestamp, , sentAt]) => [timestamp, sentAt ?? null]))).toEqual(cases.map(([, instant]) => instant));
});
