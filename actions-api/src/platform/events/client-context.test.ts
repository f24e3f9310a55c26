// Countries, regions and programs, told from requests, databases and `context`.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@admin-center/platform/log';
import { startTelemetry } from '@admin-center/platform/telemetry';
import { metrics } from '@opentelemetry/api';
import { writeGeoDatabase } from '../../../test/geo-database.ts';
import { type ClientInput, type ClientReader, createClientReader } from './client-context.ts';
import { openGeo } from './geo.ts';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1';
const IPAD = IPHONE.replaceAll('iPhone', 'iPad');
const ELECTRON = CHROME.replace('Chrome/', 'app/1.0.0 Electron/28.0 Chrome/');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const log = createLogger('test', 'silent');
let directory: string;
let read: ClientReader;
let city: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'admin-center-geo-'));
  city = path.join(directory, 'city.mmdb');
  await writeGeoDatabase(city, {
    '81.2.69.0/24': { country: { iso_code: 'GB' }, subdivisions: [{ iso_code: 'ENG' }, { iso_code: 'LND' }] },
    '52.95.0.0/16': { country: { iso_code: 'DE' }, traits: { is_hosting_provider: true } },
    '52.96.0.0/16': { country_code: 'US', asn: 'AS16509' },
    '91.198.0.0/16': { country: 'LU', autonomous_system_number: 64_500 },
    '45.10.0.0/16': { country: { iso_code: 'EU' } },
    '2a02:100::/32': { country: { iso_code: 'CH' }, subdivisions: [{ iso_code: 'ZH' }] },
  });
  read = await createClientReader({ GEOIP_DATABASE: [city], GEOIP_COUNTRY_HEADER: 'CF-IPCountry' }, metrics.getMeter('test'), log);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const of = (input: Partial<ClientInput>) => read({ ip: null, userAgent: null, hints: {}, context: {}, regionAllowed: true, ...input });

describe('a country', () => {
  test.each([
    ['with its region', '81.2.69.160', 'GB', 'GB-ENG'],
    ['of IPv6', '2a02:100::5', 'CH', 'CH-ZH'],
    ['of IPv4 in IPv6 clothes', '::ffff:81.2.69.160', 'GB', 'GB-ENG'],
    ['of a flat record', '91.198.1.1', 'LU', null],
    ['not where a data centre stands', '52.95.1.1', 'hosting', null],
    ['not where a cloud stands, by its network', '52.96.1.1', 'hosting', null],
    ['not of a union of countries', '45.10.1.1', 'unknown', null],
    ['not of an address that nobody knows', '203.0.112.9', 'unknown', null],
    ['not of a private address', '192.168.1.7', 'unknown', null],
    ['not of a loopback address', '127.0.0.1', 'unknown', null],
    ['not of what is no address', "1.2.3.4'--", 'unknown', null],
    ['not of nobody', null, 'unknown', null],
  ])('%s', (_what, ip, country, region) => {
    expect(of({ ip })).toMatchObject({ country, region });
  });

  test('and no region without consent', () => {
    expect(of({ ip: '81.2.69.160', regionAllowed: false })).toMatchObject({ country: 'GB', region: null });
  });

  test('not of an address in `context`, which anybody may write', () => {
    expect(of({ ip: '81.2.69.160', context: { ip: '2a02:100::5' } })).toMatchObject({ country: 'GB' });
    expect(of({ ip: null, context: { ip: '2a02:100::5' } })).toMatchObject({ country: 'unknown' });
  });

  test('of the user a server speaks for, and never of the server', () => {
    expect(of({ fromServer: true, ip: '81.2.69.160', context: { ip: '2a02:100::5' } })).toMatchObject({ country: 'CH' });
    expect(of({ fromServer: true, ip: '81.2.69.160' })).toMatchObject({ country: 'unknown' });
    expect(of({ fromServer: true, ip: '81.2.69.160', context: { ip: { evil: 1 } } })).toMatchObject({ country: 'unknown' });
  });

  test('not of somebody who withholds it', () => {
    expect(of({ ip: '81.2.69.160', context: { ip: '0.0.0.0' } })).toMatchObject({ country: 'unknown', region: null });
  });

  test('by the CDN, where it is a proxy of ours', () => {
    const hints = { 'cf-ipcountry': 'SE' };
    expect(of({ ip: '203.0.112.9', peerTrusted: true, hints })).toMatchObject({ country: 'SE', region: null });
    expect(of({ ip: '81.2.69.160', peerTrusted: true, hints: { 'cf-ipcountry': 'GB' } })).toMatchObject({ country: 'GB', region: 'GB-ENG' });
    expect(of({ ip: '203.0.112.9', hints })).toMatchObject({ country: 'unknown' });
    expect(of({ ip: '203.0.112.9', peerTrusted: true, hints: { 'cf-ipcountry': 'T1' } })).toMatchObject({ country: 'hosting' });
    expect(of({ ip: '81.2.69.160', peerTrusted: true, hints: { 'cf-ipcountry': 'XX' } })).toMatchObject({ country: 'GB' });
    expect(of({ ip: '52.95.1.1', peerTrusted: true, hints })).toMatchObject({ country: 'hosting' });
    expect(of({ fromServer: true, peerTrusted: true, hints })).toMatchObject({ country: 'unknown' });
  });
});

describe('a program', () => {
  const hints = { 'sec-ch-ua': '"Google Chrome";v="126", "Chromium";v="126", "Not/A)Brand";v="8"', 'sec-ch-ua-mobile': '?0', 'sec-ch-ua-platform': '"macOS"' };
  test.each<[string, Partial<ClientInput>, object]>([
    ['by its user agent', { userAgent: CHROME }, { platform: 'web', device: 'desktop', os: 'Windows', browser: 'Chrome', bot: false }],
    ['by hints first', { userAgent: CHROME, hints }, { os: 'macOS', browser: 'Chrome', device: 'desktop' }],
    ['a browser on the engine of another', { userAgent: CHROME, hints: { ...hints, 'sec-ch-ua': '"Chromium";v="126", "Microsoft Edge";v="126"' } }, { browser: 'Microsoft Edge' }],
    ['by hints in the context', { userAgent: CHROME, context: { userAgentData: { brands: [{ brand: 'Brave', version: '1' }, null, 7], mobile: true, platform: 'Android' } } }, { os: 'Android', browser: 'Brave', device: 'mobile' }],
    ['a telephone', { userAgent: IPHONE }, { platform: 'web', device: 'mobile', os: 'iOS', browser: 'Safari' }],
    ['a tablet', { userAgent: IPAD }, { device: 'tablet', os: 'iOS' }],
    ['a shell of an app', { userAgent: ELECTRON, hints }, { platform: 'desktop', browser: 'Electron' }],
    ['what the client says of itself', { userAgent: CHROME, context: { platform: 'desktop' } }, { platform: 'desktop' }],
    ['an app by its library', { userAgent: 'okhttp/4.9', context: { library: { name: 'analytics-kotlin' }, os: { name: 'Android' }, device: { type: 'tablet' } } }, { platform: 'mobile', os: 'Android', device: 'tablet', bot: false }],
    ['a bot', { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }, { bot: true }],
    ['a browser that nobody looks at', { userAgent: CHROME.replace('Chrome/', 'HeadlessChrome/') }, { bot: true }],
    ['a library, which is no bot', { userAgent: 'analytics-node/3.1.0' }, { platform: 'unknown', browser: 'unknown', bot: false }],
    ['a server, of which nothing counts', { fromServer: true, userAgent: 'axios/1.6', hints }, { platform: 'unknown', os: 'unknown', browser: 'unknown', bot: false }],
    ['the user of a server', { fromServer: true, userAgent: 'axios/1.6', hints, context: { userAgent: IPHONE } }, { platform: 'web', os: 'iOS', browser: 'Safari' }],
    ['nothing', {}, { platform: 'unknown', device: 'unknown', os: 'unknown', browser: 'unknown', appVersion: 'unknown', bot: false }],
    ['rubbish', { userAgent: '\u0000'.repeat(9_999), context: { platform: 7, os: [], device: { type: {} }, app: 'x', library: null, userAgentData: { brands: 'no' }, userAgent: [] } }, { platform: 'unknown', appVersion: 'unknown', bot: false }],
  ])('%s', (_what, input, expected) => {
    expect(of(input)).toMatchObject(expected);
  });

  test.each([['3.1.4', '3.1.4'], ['v2.0', '2.0'], ['1.2.3-beta.4+build9', '1.2.3'], ['1.2.3.4', '1.2.3'], ['<script>', 'unknown'], ['99999.1', 'unknown'], ['1'.repeat(99), 'unknown']])('version %s', (version, expected) => {
    expect(of({ context: { app: { version } } }).appVersion).toBe(expected);
  });
});

test('counts what became of addresses, from 0 on, and says how old the database is', async () => {
  const port = await freePort();
  const telemetry = await startTelemetry('test', '127.0.0.1', port);
  const counted = await createClientReader({ GEOIP_DATABASE: [city], GEOIP_COUNTRY_HEADER: undefined }, telemetry.meter, log);
  const shown = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(await shown()).toMatch(/admincenter_geoip_lookups_total\{result="hosting"[^}]*\} 0/);
  counted({ ip: '52.95.1.1', userAgent: null, hints: {}, context: {}, regionAllowed: true });
  const text = await shown();
  expect(text).toMatch(/admincenter_geoip_lookups_total\{result="hosting"[^}]*\} 1/);
  expect(Number(/admincenter_geoip_database_build_timestamp_seconds(?:\{[^}]*\})? (\d+)/.exec(text)?.[1])).toBeGreaterThan(Date.now() / 1_000 - 600);
  expect(text).not.toContain('52.95.1.1');
  await telemetry.close();
});

describe('databases', () => {
  test('the one that comes with the product knows countries', async () => {
    const geo = await openGeo([], log);
    expect(geo.lookUp('193.99.144.80')).toEqual({ country: 'DE', region: null, result: 'hit' });
    expect(geo.lookUp('2a01:4f8::1').country).toBe('DE');
    geo.close();
  });

  test('a file that is replaced is read again; one that is broken changes nothing', async () => {
    const file = path.join(directory, 'changing.mmdb');
    await writeGeoDatabase(file, { '81.2.69.0/24': { country_code: 'GB' } });
    const geo = await openGeo([file], log);
    expect(geo.lookUp('81.2.69.1').country).toBe('GB');
    await writeFile(file, 'half a file');
    await geo.refresh();
    expect(geo.lookUp('81.2.69.1').country).toBe('GB');
    await writeGeoDatabase(file, { '81.2.69.0/24': { country_code: 'IE', traits: {} } });
    await geo.refresh();
    expect(geo.lookUp('81.2.69.1').country).toBe('IE');
    geo.close();
  });

  test('one that is not there knows nothing, and a second one is asked too', async () => {
    const geo = await openGeo([path.join(directory, 'none.mmdb'), city], log);
    expect(geo.databases()[0]).toBeNull();
    expect(geo.lookUp('81.2.69.1')).toMatchObject({ country: 'GB', region: 'GB-ENG' });
    geo.close();
  });
});
