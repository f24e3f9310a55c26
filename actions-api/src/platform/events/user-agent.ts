// Families of operating systems and browsers, so that there are few of them whatever a client claims to be.
import type { IncomingHttpHeaders } from 'node:http';
import type { Device } from '@admin-center/contracts/distribution-places';
import Bowser from 'bowser';
import { isbot } from 'isbot';

export interface UserAgent {
  readonly os: string;
  readonly browser: string;
  readonly device: Device;
  readonly bot: boolean;
}

/** User agent client hints: what a browser says of itself in fields, and more truly than in its user agent. */
export interface ClientHints {
  readonly brands: readonly string[];
  readonly mobile: boolean | null;
  readonly platform: string | null;
}

/** From the most telling to the engine that many browsers share. */
const BRANDS: Readonly<Record<string, string>> = {
  'Microsoft Edge': 'Microsoft Edge', Brave: 'Brave', Opera: 'Opera', Vivaldi: 'Vivaldi', YaBrowser: 'Yandex Browser', Yandex: 'Yandex Browser',
  'Samsung Internet': 'Samsung Internet for Android', DuckDuckGo: 'DuckDuckGo', 'Google Chrome': 'Chrome', Chromium: 'Chromium',
};
const BRAND_NAMES = Object.keys(BRANDS);
const OTHER_NAMES: Readonly<Record<string, string>> = { 'chromium os': 'Chrome OS', 'mac os': 'macOS', 'mac os x': 'macOS', ipados: 'iOS', darwin: 'macOS' };
const OS_FAMILIES = new Map(Object.values(Bowser.OS_MAP).map((name) => [name.toLowerCase(), name]));
const BROWSER_FAMILIES = new Set(Object.values(Bowser.BROWSER_MAP));
const DEVICES: readonly string[] = ['desktop', 'mobile', 'tablet', 'tv'];
/** A bot is what opens pages or says that it is one. The HTTP library of a program that sends events on purpose is none. */
const VISITS_PAGES = /^Mozilla\/|bot|crawl|spider/i;
const REMEMBERED = 2_000;

/** @returns `unknown` for none, `other` for one that is no family we know */
export function osFamily(name: string | null | undefined): string {
  const lower = name?.trim().toLowerCase() ?? '';
  return lower === '' ? 'unknown' : (OTHER_NAMES[lower] ?? OS_FAMILIES.get(lower) ?? 'other');
}

/** The hints that browsers send by themselves, of `Sec-CH-UA…` headers. */
export function hintsOf(headers: IncomingHttpHeaders): ClientHints {
  const brands = [...String(headers['sec-ch-ua'] ?? '').slice(0, 500).matchAll(/"([^"]{1,60})";v=/g)].map(([, brand]) => brand as string);
  const platform = /^"([^"]{1,60})"$/.exec(String(headers['sec-ch-ua-platform'] ?? ''))?.[1] ?? null;
  return { brands, platform, mobile: { '?1': true, '?0': false }[String(headers['sec-ch-ua-mobile'])] ?? null };
}

/** Reading a user agent takes a tenth of a millisecond, and a batch carries the same one many times. */
export function createUserAgentReader(): (userAgent: string, hints: ClientHints) => UserAgent {
  const parsed = new Map<string, UserAgent>();
  return (userAgent, hints) => {
    const known = parsed.get(userAgent) ?? parse(userAgent);
    if (!parsed.has(userAgent)) {
      if (parsed.size === REMEMBERED) {
        parsed.delete(parsed.keys().next().value as string);
      }
      parsed.set(userAgent, known);
    }
    const brand = hints.brands.length === 0 ? undefined : BRAND_NAMES.find((name) => hints.brands.includes(name));
    return {
      bot: known.bot,
      os: hints.platform === null || osFamily(hints.platform) === 'other' ? known.os : osFamily(hints.platform),
      browser: brand === undefined || known.browser === 'Electron' ? known.browser : (BRANDS[brand] as string),
      // A tablet hints that it is not mobile; only its user agent tells it from a desktop.
      device: hints.mobile === true ? 'mobile' : hints.mobile === false && known.device === 'unknown' ? 'desktop' : known.device,
    };
  };
}

function parse(userAgent: string): UserAgent {
  if (userAgent === '') {
    return { os: 'unknown', browser: 'unknown', device: 'unknown', bot: false };
  }
  const { browser, os, platform } = Bowser.parse(userAgent);
  return {
    os: osFamily(os.name),
    browser: browser.name === undefined || browser.name === '' ? 'unknown' : BROWSER_FAMILIES.has(browser.name) ? browser.name : 'other',
    device: DEVICES.includes(platform.type ?? '') ? (platform.type as Device) : 'unknown',
    bot: isbot(userAgent) && VISITS_PAGES.test(userAgent),
  };
}
