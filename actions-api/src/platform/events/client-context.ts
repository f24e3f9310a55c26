// Where an event comes from and what sent it, told from the request and from Segment's `context`, which anybody may have written.
import type { IncomingHttpHeaders } from 'node:http';
import { distribution } from '@admin-center/contracts/distribution';
import { DEVICES, type Device, GEOIP_RESULTS, type Platform } from '@admin-center/contracts/distribution-places';
import type { Logger } from '@admin-center/platform/log';
import type { Meter } from '@opentelemetry/api';
import type { Config } from '../../config.ts';
import { addressOf } from './client-address.ts';
import { knownCountry } from './geo-record.ts';
import { type Geo, openGeo, type Place } from './geo.ts';
import { type ClientHints, createUserAgentReader, hintsOf, osFamily } from './user-agent.ts';

export interface ClientInput {
  /** Of whoever sent the request, by `clientAddress`. */
  readonly ip: string | null;
  /** By `clientAddress` too: whether a country that a CDN put into a header may be believed. */
  readonly peerTrusted?: boolean;
  /** The request came with a server key: the sender is a program of the host and not who the event is about. */
  readonly fromServer?: boolean;
  /** Of the request. */
  readonly userAgent: string | null;
  /** All headers of the request. */
  readonly hints: IncomingHttpHeaders;
  /** As it was sent: nothing in it has been looked at. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Without consent there is a country and no region. */
  readonly regionAllowed: boolean;
}

export interface ClientContext {
  /** ISO 3166-1 alpha-2, `hosting` for data centres and VPNs, or `unknown`. */
  readonly country: string;
  /** ISO 3166-2. */
  readonly region: string | null;
  readonly platform: Platform;
  readonly device: Device;
  readonly os: string;
  readonly browser: string;
  readonly appVersion: string;
  readonly bot: boolean;
}

export type ClientReader = (input: ClientInput) => ClientContext;

const helpOf = (name: string): string => distribution.metrics.find((metric) => metric.name === name)?.help ?? '';
const NO_HINTS: ClientHints = { brands: [], mobile: null, platform: null };
/** Segment's own names for a person whose address is not to be looked at. */
const WITHHELD = ['0.0.0.0', '::'];

/** @returns reads the origin of one event. It keeps no address and logs none. */
export async function createClientReader(config: Pick<Config, 'GEOIP_DATABASE' | 'GEOIP_COUNTRY_HEADER'>, meter: Meter, log: Logger): Promise<ClientReader> {
  const geo = await openGeo(config.GEOIP_DATABASE, log);
  const lookups = meter.createCounter('admincenter_geoip_lookups_total', { description: helpOf('admincenter_geoip_lookups_total') });
  GEOIP_RESULTS.forEach((result) => lookups.add(0, { result }));
  meter.createObservableGauge('admincenter_geoip_database_build_timestamp_seconds', { description: helpOf('admincenter_geoip_database_build_timestamp_seconds') }).addCallback((gauge) => gauge.observe(oldest(geo)));
  const readUserAgent = createUserAgentReader();

  return (input) => {
    const place = placeOf(geo, config.GEOIP_COUNTRY_HEADER, input);
    lookups.add(1, { result: place.result });
    return { country: place.country, region: input.regionAllowed ? place.region : null, ...programOf(input, readUserAgent) };
  };
}

/** 0 when a file cannot be read: that is as old as it gets, and the rule on age says so. */
const oldest = (geo: Geo): number => Math.min(...geo.databases().map((database) => (database === null ? 0 : database.builtAt.getTime() / 1_000)));

function placeOf(geo: Geo, countryHeader: string | undefined, { ip, peerTrusted = false, fromServer = false, hints, context }: ClientInput): Place {
  const told = addressOf(textOf(context['ip'], 60))?.toString() ?? null;
  if (told !== null && WITHHELD.includes(told)) {
    return geo.lookUp(null);
  }
  // A server says for whom it speaks, or it is not known: where the server stands is no answer. Nobody else is believed.
  if (fromServer) {
    return geo.lookUp(told);
  }
  const code = peerTrusted && countryHeader !== undefined ? textOf(hints[countryHeader.toLowerCase()], 2).toUpperCase() : '';
  // Cloudflare's name for Tor.
  if (code === 'T1') {
    return { country: 'hosting', region: null, result: 'hosting' };
  }
  const place = geo.lookUp(ip);
  const country = knownCountry(code);
  return country === null || place.result === 'hosting' ? place : { country, region: place.country === country ? place.region : null, result: 'header' };
}

type Program = Omit<ClientContext, 'country' | 'region'>;

function programOf({ userAgent, fromServer = false, hints, context }: ClientInput, readUserAgent: ReturnType<typeof createUserAgentReader>): Program {
  const inContext = textOf(context['userAgent'], 512);
  const agent = readUserAgent(inContext !== '' || fromServer ? inContext : textOf(userAgent, 512), hintsIn(context) ?? (fromServer ? NO_HINTS : hintsOf(hints)));
  const os = osFamily(textOf(partOf(context, 'os')['name'], 60));
  const device = textOf(partOf(context, 'device')['type'], 20).toLowerCase();
  const native = nativePlatform(context, agent.browser);
  return {
    platform: native ?? (agent.browser === 'unknown' || fromServer && inContext === '' ? 'unknown' : 'web'),
    device: (DEVICES as readonly string[]).includes(device) && device !== 'unknown' ? (device as Device) : agent.device,
    // A page cannot see more of its system than its browser tells; an app can.
    os: native !== null && native !== 'web' && os !== 'unknown' && os !== 'other' ? os : agent.os === 'unknown' ? os : agent.os,
    browser: agent.browser,
    appVersion: versionOf(textOf(partOf(context, 'app')['version'], 40)),
    bot: agent.bot,
  };
}

/** What our clients say beats guessing; then what a library or shell of apps gives away. Null when neither does. */
function nativePlatform(context: ClientInput['context'], browser: string): Platform | null {
  const said = textOf(context['platform'], 20).toLowerCase();
  if (said === 'desktop' || said === 'web' || said === 'mobile') {
    return said;
  }
  const library = textOf(partOf(context, 'library')['name'], 60).toLowerCase();
  return browser === 'Electron' ? 'desktop' : /ios|android|swift|kotlin|react-native|flutter/.test(library) ? 'mobile' : null;
}

/** As analytics.js reads them from the browser. */
function hintsIn(context: ClientInput['context']): ClientHints | null {
  const { brands, mobile, platform } = partOf(context, 'userAgentData');
  if (!Array.isArray(brands)) {
    return null;
  }
  const names = brands.slice(0, 10).map((entry: unknown) => textOf((entry as { brand?: unknown } | null)?.brand, 60));
  return { brands: names, mobile: typeof mobile === 'boolean' ? mobile : null, platform: textOf(platform, 60) || null };
}

/** Major, minor and patch: builds and pre-releases are too many to count by. */
const versionOf = (text: string): string => /^v?(\d{1,4}(?:\.\d{1,4}){0,2})(?:[.+\- ]|$)/.exec(text)?.[1] ?? 'unknown';

const textOf = (value: unknown, max: number): string => (typeof value === 'string' ? value.slice(0, max) : '');

function partOf(context: ClientInput['context'], name: string): Readonly<Record<string, unknown>> {
  const part = context[name];
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as Record<string, unknown>) : {};
}
