// The address of who sends events (S9). It is read to tell a country and then dropped: never stored, never logged.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];
/** @returns whether an address is one of our own proxies */
export type TrustedProxies = (address: string) => boolean;

export interface ClientAddress {
  /** Null when a proxy of ours did not say it. */
  readonly ip: string | null;
  /** Whether what the peer adds in headers about its client may be believed. */
  readonly peerTrusted: boolean;
}

/** @throws Error naming what is no network */
export function trustedProxiesOf(networks: readonly string[]): TrustedProxies {
  const parsed = networks.map(parseNetwork);
  return (address) => {
    const known = addressOf(address);
    return known !== null && parsed.some(([network, bits]) => network.kind() === known.kind() && known.match(network, bits));
  };
}

function parseNetwork(text: string): Network {
  const [address = '', bits] = text.split('/', 2);
  const parsed = addressOf(address);
  const length = parsed?.kind() === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? length : Number(bits);
  if (parsed === null || !Number.isInteger(prefix) || prefix < 0 || prefix > length || bits === '') {
    throw new Error(`"${text}" is no network; write 10.0.0.0/8 or 2001:db8::/32.`);
  }
  return [parsed, prefix];
}

/**
 * The peer of the connection, or, when that is a proxy of ours, the right-most address of X-Forwarded-For that is none:
 * whatever stands left of it was written by somebody else.
 */
export function clientAddress({ socket, headers }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } }, trusted: TrustedProxies): ClientAddress {
  const peer = addressOf(socket.remoteAddress ?? '')?.toString() ?? null;
  if (peer === null || !trusted(peer)) {
    return { ip: peer, peerTrusted: false };
  }
  for (const hop of forwardedFor(headers).toReversed()) {
    const address = addressOf(hop)?.toString() ?? null;
    if (address === null || !trusted(address)) {
      return { ip: address, peerTrusted: true };
    }
  }
  return { ip: null, peerTrusted: true };
}

export function forwardedFor(headers: IncomingHttpHeaders): string[] {
  const header = headers['x-forwarded-for'] ?? '';
  return (Array.isArray(header) ? header.join(',') : header).split(',').map((hop) => hop.trim()).filter((hop) => hop !== '');
}

/** Null when it is none; without its port; an IPv4 address in IPv6 clothes comes out as IPv4. */
export function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // Most events carry none, and the library finds that out by throwing.
  if (text === '') {
    return null;
  }
  const bare = text.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/%.*$/, '');
  // Written out whole: "10" and "0x7f.1" are addresses to a C library.
  return ipaddr.isValid(bare) && (bare.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(bare)) ? ipaddr.process(bare) : null;
}

/** Whether it can be in a database of addresses at all: no private, loopback, link-local, shared or reserved one. */
export const isPublicAddress = (text: string): boolean => addressOf(text)?.range() === 'unicast';
