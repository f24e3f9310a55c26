// User-agent strings as the host stores them: its own desktop client, browsers on several systems, phones.
import { chooser } from './draws.ts';
import { fate, purpose, stream, derive, type Key } from './random.ts';

export type Platform = 'desktop' | 'web' | 'mobile' | 'unknown';

/** What a person reaches for: mostly one device, now and then another. */
const PRIMARY = chooser<Platform>([['desktop', 46], ['web', 37], ['mobile', 14], ['unknown', 3]]);
const SECONDARY = chooser<Platform>([['web', 50], ['mobile', 35], ['desktop', 15]]);
const USES_PRIMARY = 0.78;

const DEVICE = purpose('device');
const REACHES = purpose('device of a session');
const UPDATES = purpose('slow to update');

interface Device {
  readonly platform: Platform;
  /** @param day of the session; versions move on with it */
  readonly agent: (day: number) => string;
}

const CHROME = 131;
const CHROME_131_ON = 20_040;
const chrome = (day: number): number => CHROME + Math.floor((day - CHROME_131_ON) / 28);
const firefox = (day: number): number => chrome(day) + 1;
const safari = (day: number): string => `18.${Math.min(6, Math.max(0, Math.floor((day - CHROME_131_ON) / 60)))}`;
/** The host's client: a minor version every three weeks. */
const client = (day: number): string => `7.${Math.max(0, 4 + Math.floor((day - 20_100) / 21))}.0`;

const webkit = (system: string, rest: string): string => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) ${rest}`;
const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const LINUX = 'X11; Linux x86_64';

const DESKTOPS = chooser<(day: number) => string>([
  [(day) => `CloudToLocalLLM/${client(day)} (Windows 11; x64) Flutter Dart/3.9 (dart:io)`, 52],
  [(day) => `CloudToLocalLLM/${client(day)} (Windows 10; x64) Flutter Dart/3.9 (dart:io)`, 12],
  [(day) => `CloudToLocalLLM/${client(day)} (macOS 15; arm64) Flutter Dart/3.9 (dart:io)`, 20],
  [(day) => `CloudToLocalLLM/${client(day)} (Linux; Ubuntu 24.04; x64) Flutter Dart/3.9 (dart:io)`, 12],
  [(day) => `CloudToLocalLLM/${client(day)} (Linux; Fedora 42; x64) Flutter Dart/3.9 (dart:io)`, 4],
]);

const BROWSERS = chooser<(day: number) => string>([
  [(day) => webkit(WINDOWS, `Chrome/${chrome(day)}.0.0.0 Safari/537.36`), 38],
  [(day) => webkit(WINDOWS, `Chrome/${chrome(day)}.0.0.0 Safari/537.36 Edg/${chrome(day)}.0.0.0`), 14],
  [(day) => webkit(MAC, `Chrome/${chrome(day)}.0.0.0 Safari/537.36`), 16],
  [(day) => `Mozilla/5.0 (${MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${safari(day)} Safari/605.1.15`, 11],
  [(day) => webkit(LINUX, `Chrome/${chrome(day)}.0.0.0 Safari/537.36`), 6],
  [(day) => webkit('X11; CrOS x86_64 14541.0.0', `Chrome/${chrome(day)}.0.0.0 Safari/537.36`), 2],
  [(day) => `Mozilla/5.0 (${WINDOWS}; rv:${firefox(day)}.0) Gecko/20100101 Firefox/${firefox(day)}.0`, 8],
  [(day) => `Mozilla/5.0 (${LINUX}; rv:${firefox(day)}.0) Gecko/20100101 Firefox/${firefox(day)}.0`, 5],
]);

const PHONES = chooser<(day: number) => string>([
  [(day) => `Mozilla/5.0 (iPhone; CPU iPhone OS ${safari(day).replace('.', '_')} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${safari(day)} Mobile/15E148 Safari/604.1`, 46],
  [(day) => webkit('Linux; Android 10; K', `Chrome/${chrome(day)}.0.0.0 Mobile Safari/537.36`), 44],
  [(day) => webkit('Linux; Android 14; SM-S921B', `SamsungBrowser/28.0 Chrome/${chrome(day) - 5}.0.0.0 Mobile Safari/537.36`), 8],
  [(day) => `Mozilla/5.0 (iPad; CPU OS ${safari(day).replace('.', '_')} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${safari(day)} Mobile/15E148 Safari/604.1`, 2],
]);

/** Native calls that say nothing of the system they run on. */
const UNTOLD = (): string => 'Dart/3.9 (dart:io)';

function deviceOf(person: Key, index: 0 | 1): Device {
  const random = stream(derive(person, DEVICE, index));
  const platform = index === 0 ? PRIMARY(random) : SECONDARY(random);
  const agents = { desktop: DESKTOPS, web: BROWSERS, mobile: PHONES, unknown: () => UNTOLD };
  return { platform, agent: agents[platform](random) };
}

/** The device of one session and how it names itself. People update within about two weeks. */
export function userAgentOf(person: Key, day: number, visit: number): { readonly platform: Platform; readonly userAgent: string } {
  const device = deviceOf(person, fate(person, REACHES, day * 8 + visit) < USES_PRIMARY ? 0 : 1);
  return { platform: device.platform, userAgent: device.agent(day - Math.floor(14 * fate(person, UPDATES))) };
}
