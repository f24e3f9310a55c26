// From a request to a row: whose address counts, and that it is nowhere afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { sendEvents, track } from '../../../test/events.ts';
import { writeGeoDatabase } from '../../../test/geo-database.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { messageDigest } from './ids.ts';

const GB = '81.2.69.160';
const CH = '2a02:100::5';
const CONSENT = { consent: { categoryPreferences: { Analytics: true } } };

let directory: string;
let behind: TestApi;
let keys: { readonly client: string; readonly server: string };
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'admin-center-geo-'));
  const file = path.join(directory, 'city.mmdb');
  await writeGeoDatabase(file, { '81.2.69.0/24': { country: { iso_code: 'GB' }, subdivisions: [{ iso_code: 'ENG' }] }, '2a02:100::/32': { country: { iso_code: 'CH' } } });
  behind = await startTestApi({ env: { TRUSTED_PROXIES: '127.0.0.1, ::1', GEOIP_DATABASE: file } });
  keys = { client: (await makeTestKey(behind, 'client')).secret, server: (await makeTestKey(behind, 'server')).secret };
});
afterAll(async () => {
  await behind.close();
  await rm(directory, { recursive: true, force: true });
});

async function rowOf(kind: 'client' | 'server', context: object, headers: Readonly<Record<string, string>> = {}) {
  const event = track('Chat Sent', { context });
  expect((await sendEvents(behind.baseUrl, keys[kind], { batch: [event] }, 'batch', headers)).body).toMatchObject({ accepted: 1 });
  const { rows } = await behind.db.pool.query('SELECT * FROM admin_center.event WHERE message_id = $1', [messageDigest('default', event.messageId)]);
  expect(JSON.stringify(rows)).not.toContain(GB);
  expect(JSON.stringify(rows)).not.toContain(CH);
  return rows[0] as Record<string, unknown>;
}

test('of a client the address that our proxy saw, with a region where the person agreed', async () => {
  const headers = { 'x-forwarded-for': `${CH}, ${GB}` };
  expect(await rowOf('client', {}, headers)).toMatchObject({ country: 'GB', region: null });
  expect(await rowOf('client', CONSENT, headers)).toMatchObject({ country: 'GB', region: 'GB-ENG' });
  expect(await rowOf('client', { consentManagement: { allowedConsentIds: ['analytics'], deniedConsentIds: ['marketing'] } }, headers)).toMatchObject({ country: 'GB', region: 'GB-ENG' });
  expect(await rowOf('client', { consent: { categoryPreferences: { Advertising: true } } }, headers)).toMatchObject({ country: 'GB', region: null });
  expect(await rowOf('client', { ip: CH }, headers)).toMatchObject({ country: 'GB' });
  expect(await rowOf('client', {})).toMatchObject({ country: 'unknown' });
});

test('agreement in the properties, in any of its spellings, and of a server for whom it speaks', async () => {
  const event = track('Chat Sent', { properties: { consent: { analytics_storage: 'granted' } }, context: { ip: GB } });
  expect((await sendEvents(behind.baseUrl, keys.server, { batch: [event] })).body).toMatchObject({ accepted: 1 });
  const { rows } = await behind.db.pool.query('SELECT country, region FROM admin_center.event WHERE message_id = $1', [messageDigest('default', event.messageId)]);
  expect(rows).toEqual([{ country: 'GB', region: 'GB-ENG' }]);
});

test('under Global Privacy Control nothing is stored, neither region nor event, whatever else is agreed to', async () => {
  const sent = [track('Chat Sent', { context: { ...CONSENT, ip: GB } }), track('Chat Sent', { context: { ...CONSENT, gpc: true, ip: GB } })];
  expect((await sendEvents(behind.baseUrl, keys.client, { batch: [sent[0]] }, 'batch', { 'x-forwarded-for': GB, 'sec-gpc': '1' })).body.results).toMatchObject([{ result: 'consent' }]);
  expect((await sendEvents(behind.baseUrl, keys.server, { batch: [sent[1]] })).body.results).toMatchObject([{ result: 'consent' }]);
  const { rows } = await behind.db.pool.query('SELECT FROM admin_center.event WHERE message_id = ANY ($1)', [sent.map(({ messageId }) => messageDigest('default', messageId))]);
  expect(rows).toEqual([]);
});

test('of a server the address it tells, and no other', async () => {
  expect(await rowOf('server', { ip: CH }, { 'x-forwarded-for': GB })).toMatchObject({ country: 'CH' });
  expect(await rowOf('server', {}, { 'x-forwarded-for': GB })).toMatchObject({ country: 'unknown' });
});

test('the program: what the client says, its hints, its version', async () => {
  const row = await rowOf('client', { platform: 'desktop', os: { name: 'macOS' }, app: { version: '3.1.4-beta' } });
  expect(row).toMatchObject({ platform: 'desktop', os: 'macOS', app_version: '3.1.4' });
});
