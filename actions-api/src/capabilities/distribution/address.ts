// Which address we see of whoever asks, and what to configure where it is the wrong one: the first question when every user
// comes from "unknown". The address is answered to its owner and not kept.
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressReport } from '@admin-center/contracts/distribution';
import { open } from 'maxmind';
import type { Config } from '../../config.ts';
import { clientAddress, forwardedFor, isPublicAddress, trustedProxiesOf } from '../../platform/events/client-address.ts';
import type { ClientReader } from '../../platform/events/client-context.ts';
import { bundledDatabase } from '../../platform/events/geo.ts';

const SPEAK_OF_CLIENTS = ['forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip', 'cf-ipcountry', 'cloudfront-viewer-country', 'x-vercel-ip-country', 'fastly-client-ip', 'x-client-ip'];
const STALE_DAYS = 45;

type Configured = Pick<Config, 'TRUSTED_PROXIES' | 'GEOIP_DATABASE' | 'GEOIP_COUNTRY_HEADER'>;

export interface Caller {
  readonly peer: string | null;
  readonly headers: IncomingHttpHeaders;
}

export async function reportAddress(config: Configured, readClient: ClientReader, { peer, headers }: Caller, now: Date): Promise<AddressReport> {
  const { ip, peerTrusted } = clientAddress({ socket: { remoteAddress: peer ?? undefined }, headers }, trustedProxiesOf(config.TRUSTED_PROXIES));
  const { country, region } = readClient({ ip, peerTrusted, userAgent: null, hints: headers, context: {}, regionAllowed: true });
  const files = config.GEOIP_DATABASE.length === 0 ? [bundledDatabase()] : config.GEOIP_DATABASE;
  const databases = await Promise.all(files.map(describe));
  const seen = { peer, peerTrusted, forwardedFor: forwardedFor(headers), otherHeaders: SPEAK_OF_CLIENTS.filter((name) => headers[name] !== undefined), client: ip, country, region };
  return { ...seen, trustedProxies: [...config.TRUSTED_PROXIES], databases, advice: adviceOn(seen, databases, config, now) };
}

type Described = AddressReport['databases'][number];

/** The name of the file is enough; where it lies is nobody's business here. */
async function describe(file: string): Promise<Described> {
  const name = file.replace(/^.*[/\\]/, '');
  const metadata = await open(file).then((reader) => reader.metadata, () => null);
  return { file: name, type: metadata?.databaseType ?? null, builtAt: metadata?.buildEpoch.toISOString() ?? null };
}

type Seen = Omit<AddressReport, 'trustedProxies' | 'databases' | 'advice'>;

function adviceOn({ peer, peerTrusted, forwardedFor: hops, otherHeaders, client, country }: Seen, databases: readonly Described[], config: Configured, now: Date): string[] {
  const advice: string[] = [];
  if (!peerTrusted && hops.length > 0) {
    advice.push(`The peer ${peer ?? ''} sent X-Forwarded-For and is not believed. If it is a proxy of yours, add it, or its network, to TRUSTED_PROXIES.`);
  }
  if (peerTrusted && hops.length === 0) {
    advice.push('The peer is a trusted proxy and sent no X-Forwarded-For. Make it append the address of its client; "Forwarded" (RFC 7239) is not read.');
  }
  if (client !== null && !isPublicAddress(client)) {
    advice.push(`${client} is not a public address, so no country can be told from it. Either you are in the same network as the API, or a proxy in between is missing from TRUSTED_PROXIES.`);
  }
  if (client !== null && isPublicAddress(client) && country === 'unknown') {
    advice.push('No database knows this address. A newer or larger one can be configured as GEOIP_DATABASE.');
  }
  const countries = otherHeaders.filter((name) => name.endsWith('country'));
  if (countries.length > 0 && config.GEOIP_COUNTRY_HEADER === undefined) {
    advice.push(`Your CDN tells the country in ${countries[0]}. Name that header as GEOIP_COUNTRY_HEADER to use it.`);
  }
  for (const { file, builtAt } of databases) {
    if (builtAt === null) {
      advice.push(`${file} cannot be read as a database of addresses (.mmdb).`);
    } else if (now.getTime() - Date.parse(builtAt) > STALE_DAYS * 86_400_000) {
      advice.push(`${file} is of ${builtAt.slice(0, 10)}; addresses move, so replace it every month.`);
    }
  }
  if (config.GEOIP_DATABASE.length === 0) {
    advice.push('The database that comes with the product knows countries only: no regions, and no data centres or VPNs. A city or anonymous-address database of your own, configured as GEOIP_DATABASE, tells them.');
  }
  return advice;
}
