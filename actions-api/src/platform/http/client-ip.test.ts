// Which address of X-Forwarded-For counts.
import { expect, test } from '@jest/globals';
import { clientIp } from './client-ip.ts';

test.each([
  ['only the one that Grafana appended', '6.6.6.6, 203.0.113.7', '203.0.113.7'],
  ['IPv6', '2001:db8::7', '2001:db8::7'],
  ['IPv6 with a port', '[2001:db8::7]:4711', '2001:db8::7'],
  ['IPv4 in IPv6 clothes', '::ffff:203.0.113.7', '203.0.113.7'],
  ['nothing for no header', undefined, null],
  ['nothing for an empty one', '', null],
  ['nothing for what is no address', 'unknown', null],
  ['nothing for SQL', "1.2.3.4'; DROP TABLE users", null],
])('%s', (_what, header, expected) => {
  expect(clientIp(header)).toBe(expected);
});
