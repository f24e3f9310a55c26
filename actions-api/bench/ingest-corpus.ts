// Requests full of events as a product's SDKs send them: few people do most of it, some are not known yet, events have from
// none to a dozen properties, and names repeat. Made before the clock runs.
import { createHash } from 'node:crypto';

export const EVENTS_PER_REQUEST = 100;

const NAMES = ['Application Opened', 'Chat Sent', 'Model Switched', 'Tunnel Started', 'Share Created', 'Export Finished', 'Voice Started', 'Settings Changed', 'Plugin Installed', 'Search Done'];
const PAGES = ['Home', 'Pricing', 'Docs', 'Chat', 'Settings', 'Models'];
const FEATURES = ['chat', 'model-switch', 'tunnel', 'share', 'api-key', 'export', 'voice', 'plugins'];
const PROGRAMS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
];

/** The same numbers each time (mulberry32). */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const uuidOf = (text: string): string => {
  const hex = createHash('md5').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};
/** Of the host; the same ones the bench puts into it. */
export const userIds = (users: number): string[] => Array.from({ length: users }, (_, index) => uuidOf(`user ${index}`));

function eventOf(draw: () => number, users: readonly string[], messageId: string, now: number): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T;
  // A fifth of the people do most.
  const person = Math.floor(users.length * draw() ** 3);
  const known = draw() < 0.85;
  const type = draw() < 0.8 ? 'track' : 'page';
  const properties: Record<string, unknown> = {};
  for (let index = Math.floor(13 * draw() ** 2); index > 0; index -= 1) {
    properties[`property_${index}`] = index % 3 === 0 ? Math.floor(draw() * 10_000) : index % 3 === 1 ? `value ${Math.floor(draw() * 500)}` : draw() < 0.5;
  }
  if (type === 'track' && draw() < 0.5) {
    properties['feature'] = pick(FEATURES);
  }
  return {
    type, messageId, timestamp: new Date(now - Math.floor(draw() ** 4 * 86_400_000)).toISOString(),
    ...(known ? { userId: users[person] } : {}), anonymousId: uuidOf(`visitor ${person} ${Math.floor(draw() * 2)}`),
    ...(type === 'track' ? { event: pick(NAMES) } : { name: pick(PAGES) }),
    properties, context: { userAgent: pick(PROGRAMS), locale: 'en-GB', library: { name: '@segment/analytics-node', version: '3.1.0' }, app: { version: '4.2.0' } },
  };
}

/** @param run makes the messages of one run others than those of another */
export function requestsOf(count: number, eventsPerRequest: number, users: readonly string[], run: string): Buffer[] {
  const draw = draws(7);
  const now = Date.now();
  return Array.from({ length: count }, (_, request) =>
    Buffer.from(JSON.stringify({ batch: Array.from({ length: eventsPerRequest }, (_event, index) => eventOf(draw, users, `${run}-${request}-${index}`, now)), sentAt: new Date(now).toISOString() })),
  );
}
