// A user-agent string in three words: enough to tell one session from another. The full string stays one hover away.
const BROWSERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/Electron\//, 'Desktop app'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
];
const SYSTEMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/iPhone|iPad|iOS/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

const match = (agent: string, table: typeof BROWSERS): string | undefined => table.find(([pattern]) => pattern.test(agent))?.[1];

/** "Firefox on Windows"; what cannot be told is left out. */
export function describeAgent(agent: string | null): string {
  if (!agent) {
    return 'unknown';
  }
  const browser = match(agent, BROWSERS);
  const system = match(agent, SYSTEMS);
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? agent.slice(0, 40));
}
