// What people do in the host, as events of Segment's tracking API: those the host names, and those that follow from
// requests and experiments by themselves. Nothing is sent of impersonated requests, nor of those with `Sec-GPC: 1`.
import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { HostRequest, Identity } from '../identity.ts';
import type { Settings } from '../options.ts';
import type { DeliveryCounts } from '../delivery.ts';
import { routeOf } from '../route-of.ts';
import { createOnce } from './once.ts';
import { createEventQueue } from './queue.ts';
import { isSilent } from './silence.ts';

/** The host's user id, or the request of the user: with it, where and with what they are is known, too. */
export type Who = string | HostRequest;
export type Properties = Readonly<Record<string, unknown>>;

export interface EventSender {
  track(who: Who, event: string, properties?: Properties): void;
  identify(who: Who, traits?: Properties, anonymousId?: string): void;
  exposure(who: Who, experiment: string, variation: string): void;
  /** A request that was answered. */
  request(request: HostRequest, response: ServerResponse): void;
  counts(): DeliveryCounts;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MOST_REQUESTS = 20_000;
const MOST_EXPOSURES = 100_000;
const NOTHING: DeliveryCounts = { sent: 0, waiting: 0, dropped: 0 };
const SILENT: EventSender = { track: () => undefined, identify: () => undefined, exposure: () => undefined, request: () => undefined, counts: () => NOTHING, close: async () => undefined };

const IDENTITY = Symbol('who sent this request');
type Known = HostRequest & { [IDENTITY]?: Identity | null };

/** Lets `track` and the others know who sent a request. */
export function remember(request: HostRequest, identity: Identity | null): void {
  (request as Known)[IDENTITY] = identity;
}

export const refusesTracking = (request: HostRequest): boolean => request.headers['sec-gpc'] === '1';
const isActing = ({ act }: Identity): boolean => act !== null && act !== undefined;

/** Null: nothing may be sent of it, or nobody is signed in. */
function userOf(who: Who): string | null {
  if (typeof who === 'string') {
    return who === '' || isSilent() ? null : who;
  }
  const identity = (who as Known)[IDENTITY] ?? null;
  return identity === null || isActing(identity) || refusesTracking(who) ? null : identity.userId;
}

/** What country and platform are told by; the Admin Center keeps neither the address nor the text. */
const contextOf = (request: HostRequest): Properties => ({ ip: request.ip ?? request.socket.remoteAddress, userAgent: request.headers['user-agent'] });

/** The same in each process of the host, so that what several of them send counts once. */
const idOf = (...parts: readonly (string | number)[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

export function createEvents(settings: Settings): EventSender {
  if (!settings.events) {
    return SILENT;
  }
  const { features } = settings;
  const queue = createEventQueue(settings);
  const exposures = createOnce(MOST_EXPOSURES);
  const requests = createOnce(MOST_REQUESTS);

  const send = (type: 'track' | 'identify', who: Who, userId: string, fields: Properties, messageId: string): void =>
    queue.add({ type, messageId, timestamp: new Date().toISOString(), userId, ...fields, ...(typeof who === 'string' ? {} : { context: contextOf(who) }) });
  const trackOnce = (who: Who, userId: string, event: string, properties: Properties, messageId: string): void => send('track', who, userId, { event, properties }, messageId);

  return {
    track(who, event, properties = {}) {
      if (typeof event !== 'string' || event === '') {
        settings.onError(new TypeError('track: the event needs a name.'));
        return;
      }
      const userId = userOf(who);
      if (userId !== null) {
        trackOnce(who, userId, event, properties, randomUUID());
      }
    },
    identify(who, traits = {}, anonymousId) {
      const userId = userOf(who);
      if (userId !== null) {
        send('identify', who, userId, anonymousId === undefined ? { traits } : { traits, anonymousId }, randomUUID());
      }
    },
    exposure(who, experiment, variation) {
      const userId = userOf(who);
      const day = Math.floor(Date.now() / DAY_MS);
      if (userId !== null && exposures.isFirst(day, `${userId}\n${experiment}\n${variation}`)) {
        trackOnce(who, userId, 'Experiment Viewed', { experiment_id: experiment, variation_id: variation }, idOf('exposure', userId, experiment, variation, day));
      }
    },
    request(request, response) {
      const userId = userOf(request);
      const template = userId !== null && response.statusCode < 400 && response.writableFinished ? routeOf(request) : null;
      if (userId === null || template === null) {
        return;
      }
      const route = `${request.method ?? 'GET'} ${template}`;
      const feature = features.get(route);
      if (feature !== undefined) {
        trackOnce(request, userId, 'Feature Used', { feature, route }, randomUUID());
        return;
      }
      const minute = Math.floor(Date.now() / MINUTE_MS);
      if (requests.isFirst(minute, `${userId}\n${route}`)) {
        trackOnce(request, userId, 'Request Made', { route }, idOf('request', userId, route, minute));
      }
    },
    counts: () => queue.counts(),
    close: () => queue.close(),
  };
}
