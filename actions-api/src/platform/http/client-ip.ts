// The address of the browser, for the audit log (S9).
import ipaddr from 'ipaddr.js';

/**
 * Whoever sends the header may have written the left of it; Grafana, which holds the shared secret, appends the address
 * it really saw. So only the right end counts. Null when it is no address; an IPv4 address in IPv6 clothes comes out as IPv4.
 */
export function clientIp(forwardedFor: string | undefined): string | null {
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  const address = last.replace(/^\[(.*)\](?::\d+)?$/, '$1');
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : null;
}
