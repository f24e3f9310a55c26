// From a message as it was sent to a row of the stream, or to why it is not taken.
import type { IncomingHttpHeaders } from 'node:http';
import { EVENT_TYPES, type EventType } from '@admin-center/contracts/engagement-events';
import type { ClientContext, ClientReader } from './client-context.ts';
import { allowedBySender } from './consent.ts';
import type { EventRow, EventSource } from './event-row.ts';
import { messageDigest, personDigest } from './ids.ts';
import { happenedAt } from './instant.ts';
import { type Refusal, refusalOf, SAYS } from './judge.ts';
import { keptProperties } from './properties.ts';
import { type QualifyingDefinition, qualifies } from './qualifying.ts';
import { isMessage, isName, LONGEST_NAME, type Message, message as schema } from './schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** What all messages of a request have in common. */
export interface Arrival {
  readonly project: string;
  readonly receivedAt: Date;
  readonly sentAt: string | null;
  /** Of the envelope; a message's own holds before it. */
  readonly context: Json;
  /** Sent with a server key: the address and the program of the request are the host's, not the user's. */
  readonly fromServer: boolean;
  readonly ip: string | null;
  /** Whether what the peer adds in headers about its client may be believed. */
  readonly peerTrusted: boolean;
  readonly headers: IncomingHttpHeaders;
  readonly refusedByBrowser: boolean;
  readonly definition: QualifyingDefinition;
}

export type Reading =
  | { readonly type: EventType; readonly messageId: string; readonly row: EventRow; readonly lagSeconds: number }
  | { readonly type: EventType | 'unknown'; readonly messageId: string | null; readonly result: Refusal; readonly message: string };

/** @param newId makes the id of a message without one */
export function createEventReader(readClient: ClientReader, newId: () => string): (given: unknown, arrival: Arrival) => Reading {
  return (given, arrival) => {
    const parsed = isMessage(given) ? { success: true, data: given } as const : schema.safeParse(given);
    if (!parsed.success) {
      const sentence = parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join(' ').slice(0, 300);
      return { ...claimed(given), result: 'invalid', message: sentence };
    }
    const sent = parsed.data;
    const refuse = (result: Refusal, message: string): Reading => ({ type: sent.type, messageId: sent.messageId || null, result, message });
    const properties = sent.properties ?? {};
    const context = sent.context ?? arrival.context;
    const name = nameOf(sent, properties);
    if (idOf(sent.anonymousId) === null && idOf(sent.userId) === null) {
      return refuse('invalid', 'userId or anonymousId: One of them is needed.');
    }
    if (!isName(name)) {
      return refuse('invalid', `${sent.type === 'track' ? 'event' : 'name'}: A name of 1 to ${LONGEST_NAME} characters without personal data.`);
    }
    const refusal = refusalOf(context, properties, arrival.refusedByBrowser);
    if (refusal !== null && refusal !== 'invalid') {
      return refuse(refusal, SAYS[refusal]);
    }
    const at = happenedAt(arrival.receivedAt.getTime(), sent.originalTimestamp ?? sent.timestamp ?? null, sent.sentAt ?? arrival.sentAt);
    if (typeof at === 'string') {
      return refuse(at, at === 'invalid' ? 'timestamp, sentAt: Instants as ISO 8601.' : SAYS[at]);
    }
    const client = readClient({
      ...sourceOf(context, arrival), peerTrusted: arrival.peerTrusted, fromServer: arrival.fromServer, hints: arrival.headers,
      context, regionAllowed: allowedBySender(context, properties),
    });
    if (client.bot) {
      return refuse('bot', SAYS.bot);
    }
    try {
      const messageId = sent.messageId || newId();
      return { type: sent.type, messageId, lagSeconds: (arrival.receivedAt.getTime() - at) / 1_000, row: rowOf(sent, { messageId, name, at, source: senderOf(context, arrival.context), client, properties }, arrival) };
    } catch (error) {
      return refuse('invalid', (error as Error).message);
    }
  };
}

interface Judged {
  readonly messageId: string;
  readonly name: string;
  readonly at: number;
  readonly source: EventSource;
  readonly client: ClientContext;
  readonly properties: Json;
}

/** @throws Error when the properties cannot be kept */
function rowOf(sent: Message, { messageId, name, at, source, client, properties }: Judged, { project, definition }: Arrival): EventRow {
  const { type } = sent;
  const userId = idOf(sent.userId);
  const anonymousId = idOf(sent.anonymousId);
  const visitor = (type === 'alias' ? idOf(sent.previousId) : null) ?? anonymousId;
  const person = personDigest(project, anonymousId ?? userId ?? '');
  return {
    messageId: messageDigest(project, messageId),
    at,
    source,
    userId,
    person,
    visitor: userId === null || visitor === null ? null : visitor === anonymousId ? person : personDigest(project, visitor),
    type,
    name,
    feature: type === 'track' ? featureOf(properties) : null,
    qualifies: qualifies(definition, type, name),
    client,
    properties: type === 'track' || type === 'page' || type === 'screen' ? keptProperties(properties) : null,
  };
}

/** What a message that does not hold says it is. */
function claimed(given: unknown): { readonly type: EventType | 'unknown'; readonly messageId: string | null } {
  const { type, messageId } = (given ?? {}) as { readonly type?: unknown; readonly messageId?: unknown };
  return {
    type: EVENT_TYPES.find((known) => known === type) ?? 'unknown',
    messageId: typeof messageId === 'string' && messageId !== '' ? messageId.slice(0, 200) : null,
  };
}

function nameOf({ type, event, name }: Message, properties: Json): string {
  if (type === 'track') {
    return event?.trim() ?? '';
  }
  const given = type === 'page' || type === 'screen' ? (name ?? properties['name']) : null;
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : type;
}

const featureOf = ({ feature }: Json): string | null => (typeof feature === 'string' && /^[a-z0-9][a-z0-9_.-]{0,59}$/.test(feature) ? feature : null);

/** A host tells its users' address and program in the context; of a browser's address only the request itself is believed. */
function sourceOf(context: Json, { fromServer, ip, headers }: Arrival): { readonly ip: string | null; readonly userAgent: string | null } {
  // Apps send the name of their HTTP library; only a request from a page has the user's program in its header.
  const ofRequest = fromServer || headers.origin === undefined ? null : (headers['user-agent'] ?? null);
  return { ip: fromServer ? textOf(context['ip']) : ip, userAgent: textOf(context['userAgent']) ?? ofRequest };
}

const OUR_LIBRARY = '@cloudtolocalllm/admin-center-sdk';
/** Our SDK says its name once for the batch; a host that hands its events on by hand may say it in each. */
const senderOf = (...contexts: readonly Json[]): EventSource => (contexts.some(({ library }) => (library as { readonly name?: unknown } | null | undefined)?.name === OUR_LIBRARY) ? 'sdk' : 'segment');

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' && value.length <= 1_000 ? value : null);
const idOf = (id: string | number | null | undefined): string | null => (id === null || id === undefined || id === '' ? null : String(id));
