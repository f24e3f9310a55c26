// A message of Segment's tracking API, as far as it concerns us; RudderStack's has the same members and a few more.
// https://segment.com/docs/connections/spec/common/
import { EVENT_TYPES } from '@admin-center/contracts/engagement-events';
import { z } from 'zod';
import { looksPersonal } from './properties.ts';

export const MOST_EVENTS = 2_500;
export const LONGEST_NAME = 100;

const wellFormed = (text: string): boolean => !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed();
/** Of an event or a page. Names become rows of tables and lines of lists, so nobody must be in them. */
export const isName = (name: string): boolean => name !== '' && name.length <= LONGEST_NAME && wellFormed(name) && !looksPersonal(name);

const text = (longest: number) => z.string().max(longest, `At most ${longest} characters.`).refine(wellFormed, 'No control characters and no half characters.');
/** SDKs of the past sent numbers. */
const id = z.union([text(255), z.number()], 'A text.').nullish();
const object = z.custom<Readonly<Record<string, unknown>>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'An object.').nullish();
const instant = z.string('An instant as ISO 8601.').max(40).nullish();

export const message = z.object({
  type: z.enum(EVENT_TYPES, `One of ${EVENT_TYPES.join(', ')}.`),
  messageId: text(200).nullish(),
  userId: id,
  anonymousId: id,
  previousId: id,
  event: text(LONGEST_NAME).nullish(),
  name: z.string().nullish(),
  timestamp: instant,
  /** RudderStack's name for `timestamp`. */
  originalTimestamp: instant,
  sentAt: instant,
  properties: object,
  context: object,
});

export type Message = z.output<typeof message>;

const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES);
const isText = (value: unknown, longest: number): boolean => value === undefined || value === null || (typeof value === 'string' && value.length <= longest && wellFormed(value));
const isId = (value: unknown): boolean => isText(value, 255) || (typeof value === 'number' && Number.isFinite(value));
const isInstantText = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.length <= 40);
const isObject = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));

/**
 * A message that `message` would take as it is. The schema remains what says why another is not taken; asking it about each
 * of thousands of good ones cost an eighth of what reading them does.
 */
export function isMessage(given: unknown): given is Message {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return false;
  }
  const sent = given as Readonly<Record<string, unknown>>;
  return (
    TYPES.has(sent['type']) && isText(sent['messageId'], 200) && isId(sent['userId']) && isId(sent['anonymousId']) && isId(sent['previousId']) &&
    isText(sent['event'], LONGEST_NAME) && (sent['name'] === undefined || sent['name'] === null || typeof sent['name'] === 'string') &&
    isInstantText(sent['timestamp']) && isInstantText(sent['originalTimestamp']) && isInstantText(sent['sentAt']) && isObject(sent['properties']) && isObject(sent['context'])
  );
}

export const envelope = z.object({
  batch: z.array(z.unknown(), 'An array of events.').max(MOST_EVENTS, `At most ${MOST_EVENTS} events.`),
  sentAt: instant,
  context: object,
});

export type Envelope = z.output<typeof envelope>;
