// Where a person's events come from and with what: the country and device of their sessions, as ingest would have told them.
import type { Country } from '../countries.ts';
import { fate, purpose, type Key } from '../random.ts';
import { userAgentOf, type Platform } from '../user-agents.ts';
import type { Client } from './event.ts';

const HIDES = purpose('behind a VPN');
const NOWHERE = purpose('address that nobody knows');
const REGION = purpose('region');

/** Of the people: they come by data centres, which say nothing of where they are. */
const BEHIND_VPN = 0.024;
const UNKNOWN_ADDRESS = 0.013;
const REGION_KNOWN = 0.85;

/** The largest parts of some countries (ISO 3166-2), twice where many live. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  US: ['US-CA', 'US-CA', 'US-TX', 'US-TX', 'US-NY', 'US-NY', 'US-FL', 'US-WA', 'US-IL', 'US-MA', 'US-CO', 'US-GA', 'US-PA', 'US-OR'],
  CA: ['CA-ON', 'CA-ON', 'CA-QC', 'CA-BC', 'CA-AB'],
  GB: ['GB-ENG', 'GB-ENG', 'GB-ENG', 'GB-ENG', 'GB-SCT', 'GB-WLS', 'GB-NIR'],
  DE: ['DE-BE', 'DE-BY', 'DE-BY', 'DE-NW', 'DE-NW', 'DE-BW', 'DE-HH', 'DE-HE', 'DE-SN'],
  FR: ['FR-IDF', 'FR-IDF', 'FR-ARA', 'FR-PAC', 'FR-OCC', 'FR-NAQ'],
  IN: ['IN-KA', 'IN-KA', 'IN-MH', 'IN-DL', 'IN-TN', 'IN-TG'],
  BR: ['BR-SP', 'BR-SP', 'BR-RJ', 'BR-MG', 'BR-PR', 'BR-RS'],
  AU: ['AU-NSW', 'AU-NSW', 'AU-VIC', 'AU-QLD', 'AU-WA'],
  JP: ['JP-13', 'JP-13', 'JP-27', 'JP-14', 'JP-23'],
};

interface Device {
  readonly device: string;
  readonly os: string;
  readonly browser: string;
  readonly appVersion: string;
}

const FIRST = <T>(text: string, rules: readonly (readonly [RegExp, T])[], otherwise: T): T => rules.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
const SYSTEMS = [[/Windows/, 'Windows'], [/iPhone|iPad/, 'iOS'], [/Android/, 'Android'], [/macOS|Mac OS X/, 'macOS'], [/CrOS/, 'Chrome OS'], [/Linux/, 'Linux']] as const;
const BROWSERS = [[/^CloudToLocalLLM|^Dart/, 'unknown'], [/Edg\//, 'Microsoft Edge'], [/SamsungBrowser/, 'Samsung Internet for Android'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']] as const;
const known = new Map<string, Device>();

/** A few hundred user agents are all there are. */
function deviceOf(userAgent: string, platform: Platform): Device {
  const found = known.get(userAgent);
  if (found !== undefined) {
    return found;
  }
  const device: Device = {
    device: /iPad/.test(userAgent) ? 'tablet' : platform === 'mobile' ? 'mobile' : platform === 'unknown' ? 'unknown' : 'desktop',
    os: FIRST(userAgent, SYSTEMS, 'unknown'),
    browser: FIRST(userAgent, BROWSERS, 'unknown'),
    appVersion: /^CloudToLocalLLM\/([\d.]+)/.exec(userAgent)?.[1] ?? 'unknown',
  };
  known.set(userAgent, device);
  return device;
}

function placeOf(person: Key, country: Country, day: number, visit: number): Pick<Client, 'country' | 'region'> {
  if (fate(person, HIDES) < BEHIND_VPN) {
    return { country: 'hosting', region: null };
  }
  if (fate(person, NOWHERE, day * 8 + visit) < UNKNOWN_ADDRESS) {
    return { country: 'unknown', region: null };
  }
  const share = fate(person, REGION);
  const regions = REGIONS[country.code] ?? [];
  return { country: country.code, region: share < REGION_KNOWN ? (regions[Math.floor((share / REGION_KNOWN) * regions.length)] ?? null) : null };
}

export function clientOf(person: Key, country: Country, day: number, visit: number): Client {
  const { platform, userAgent } = userAgentOf(person, day, visit);
  return { ...placeOf(person, country, day, visit), platform, ...deviceOf(userAgent, platform) };
}
