// One event of the demo company on its way into the stream, and the row it becomes.
import { iso, SECOND } from '../calendar.ts';
import { uuidOf, type Key } from '../random.ts';
import type { PaidTier } from '../tables.ts';

/** Where an event came from, in the stream's words. */
export interface Client {
  readonly country: string;
  readonly region: string | null;
  readonly platform: string;
  readonly device: string;
  readonly os: string;
  readonly browser: string;
  readonly appVersion: string;
}

export interface DemoEvent {
  readonly key: Key;
  readonly at: number;
  /** A user, or a visitor nobody knows. */
  readonly personId: string;
  readonly known: boolean;
  readonly type: 'track' | 'page';
  readonly name: string;
  readonly feature: string | null;
  readonly tier: PaidTier | 'free';
  readonly client: Client;
  readonly properties: Readonly<Record<string, string>> | null;
}

export const EVENT_COLUMNS = ['at', 'received_at', 'message_id', 'person_id', 'known', 'source', 'type', 'name', 'feature', 'qualifies', 'tier', 'country', 'region', 'platform', 'device', 'os', 'browser', 'app_version', 'properties'] as const;
export type EventRow = Readonly<Record<(typeof EVENT_COLUMNS)[number], string | boolean | null>>;

/** @param qualifies of track events, by their name */
export function eventRow({ key, at, personId, known, type, name, feature, tier, client, properties }: DemoEvent, qualifies: (name: string) => boolean): EventRow {
  return {
    at: iso(at), received_at: iso(at + 2 * SECOND), message_id: uuidOf(key), person_id: personId, known, source: 'demo', type, name, feature,
    qualifies: type === 'track' && qualifies(name), tier,
    country: client.country, region: client.region, platform: client.platform, device: client.device, os: client.os, browser: client.browser, app_version: client.appVersion,
    properties: properties === null ? null : JSON.stringify(properties),
  };
}
