// Whose word counts for an address (S9).
import { describe, expect, test } from '@jest/globals';
import { clientAddress, isPublicAddress, trustedProxiesOf } from './client-address.ts';

const trusted = trustedProxiesOf(['10.0.0.0/8', '203.0.113.7', '2001:db8:ffff::/48']);
const seen = (peer: string | undefined, forwarded?: string) => clientAddress({ socket: { remoteAddress: peer }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }, trusted);

test.each([
  ['the peer, where nobody stands between', '198.51.100.4', undefined, '198.51.100.4', false],
  ['the peer, whatever it writes into the header', '198.51.100.4', '1.2.3.4', '198.51.100.4', false],
  ['what a proxy of ours saw', '10.0.0.1', '198.51.100.4', '198.51.100.4', true],
  ['not what the client wrote left of it', '10.0.0.1', '1.2.3.4, 198.51.100.4', '198.51.100.4', true],
  ['through two proxies of ours', '10.0.0.1', '1.2.3.4, 198.51.100.4, 203.0.113.7', '198.51.100.4', true],
  ['not past a hop that is no address', '10.0.0.1', '198.51.100.4, unknown, 10.0.0.2', null, true],
  ['not SQL', '10.0.0.1', "1.2.3.4'; DROP TABLE users", null, true],
  ['none where our proxy says none', '10.0.0.1', undefined, null, true],
  ['none where only our proxies speak', '10.0.0.1', '10.0.0.9', null, true],
  ['a proxy in IPv6 clothes', '::ffff:10.0.0.1', '198.51.100.4', '198.51.100.4', true],
  ['IPv6 with a port', '2001:db8:ffff::1', '[2001:db8::7]:4711', '2001:db8::7', true],
  ['IPv4 with a port', '10.0.0.1', '198.51.100.4:1234', '198.51.100.4', true],
  ['none of a connection that is gone', undefined, '198.51.100.4', null, false],
])('%s', (_what, peer, forwarded, ip, peerTrusted) => {
  expect(seen(peer, forwarded)).toEqual({ ip, peerTrusted });
});

test('nobody is trusted without being named', () => {
  expect(clientAddress({ socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': '8.8.8.8' } }, trustedProxiesOf([]))).toEqual({ ip: '127.0.0.1', peerTrusted: false });
});

test.each(['10.0.0.0/33', 'example.com', '10', '10.0.0.0/', '', '::/129'])('"%s" is no network', (network) => {
  expect(() => trustedProxiesOf([network])).toThrow('is no network');
});

describe('an address that a database can know', () => {
  test.each(['8.8.8.8', '2a00:1450:4001::1', '::ffff:8.8.8.8'])('%s', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each(['10.1.2.3', '127.0.0.1', '169.254.1.1', '100.64.0.1', '192.168.1.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '::1', 'fe80::1%eth0', 'fc00::1', '::ffff:10.0.0.1', 'localhost', '', '10'])('not %s', (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );
});
