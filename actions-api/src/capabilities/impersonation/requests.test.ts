// The log of what was done in a session: whole, append-only, with both identities, and blocked tries in the audit log.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { type ExchangedBody, startImpersonation } from '../../../test/impersonation.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { recordRequests, type ReportedRequest } from './requests.ts';

let api: TestApi;
let sam: Client;
let samId: string;
let userId: string;
let keyId: string;
let session: ExchangedBody['session'];
beforeAll(async () => {
  api = await startTestApi();
  samId = (await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' })).id;
  sam = api.as({ email: 'sam@acme.example' });
  userId = (await api.db.make.user()).id;
  const key = await makeTestKey(api);
  keyId = key.id;
  ({ session } = await startImpersonation(api, sam, key.secret, userId));
});
afterAll(() => api.close());

const made = (route: string, more: Partial<ReportedRequest> = {}): ReportedRequest => ({ sessionId: session.id, at: '2026-03-01T12:00:00Z', method: 'GET', route, status: 200, actionClass: null, blocked: false, ...more });
const blocked = (route: string, actionClass: string): ReportedRequest => made(route, { method: 'POST', status: 403, actionClass, blocked: true });
const record = (rows: readonly ReportedRequest[]) => api.database.transaction().execute((tx) => recordRequests(tx, keyId, rows));
const report = async (query: Record<string, string> = {}) => (await sam.get(`/api/v1/impersonation/sessions/${session.id}/requests`, query)).body as { items: { route: string }[]; nextCursor: string | null };
const query = async (text: string, values: readonly unknown[] = []) => (await api.db.pool.query(text, [...values])).rows as Record<string, unknown>[];

test('every request is kept in the order it was reported, with both identities; those of no session are not', async () => {
  const stranger = '00000000-0000-4000-8000-000000000000';
  expect(await record([made('/profile'), made('/tunnels/:id'), { ...made('/elsewhere'), sessionId: stranger }, blocked('/password', 'password')])).toBe(3);
  expect(await record([])).toBe(0);
  expect((await report()).items).toEqual([
    { id: expect.any(String), at: '2026-03-01T12:00:00.000Z', method: 'GET', route: '/profile', status: 200, actionClass: null, blocked: false },
    expect.objectContaining({ route: '/tunnels/:id' }),
    expect.objectContaining({ method: 'POST', route: '/password', status: 403, actionClass: 'password', blocked: true }),
  ]);
  expect(await query('SELECT DISTINCT admin_id, user_id, key_id FROM admin_center.impersonation_request')).toEqual([{ admin_id: samId, user_id: userId, key_id: keyId }]);
  expect((await report({ blocked: 'true' })).items).toHaveLength(1);
  const { nextCursor } = await report({ limit: '2' });
  expect((await report({ limit: '2', cursor: nextCursor as string })).items).toEqual([expect.objectContaining({ route: '/password' })]);
  expect((await sam.get(`/api/v1/impersonation/sessions/${session.id}`)).body).toMatchObject({ requests: 3, blocked: 1 });
});

test('the log is neither changed nor cut, not even by its owner', async () => {
  for (const statement of ['UPDATE admin_center.impersonation_request SET blocked = false', 'DELETE FROM admin_center.impersonation_request', 'TRUNCATE admin_center.impersonation_request', 'DELETE FROM admin_center.impersonation_session']) {
    await expect(query(statement)).rejects.toThrow(/append-only/);
  }
});

test('blocked tries are one denied entry for each class and report, under the name of the admin, and each is counted', async () => {
  const count = async (actionClass: string): Promise<number> =>
    Number((await query("SELECT value FROM admin_center.tally WHERE metric = 'admincenter_impersonation_blocked_actions_total' AND labels = $1", [{ action_class: actionClass }]))[0]?.['value'] ?? 0);
  const [exports, changes] = [await count('export'), await count('change')];
  await record([...Array.from({ length: 50 }, () => blocked('/export', 'export')), blocked('/new', 'a class of a newer host'), made('/data', { blocked: true, status: 403 })]);
  expect(await count('export')).toBe(exports + 50);
  expect(await count('change')).toBe(changes + 2);
  const entries = await query(
    "SELECT l.outcome, l.actor_id, l.actor_role, l.target_id, d.actor_email, d.after FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE action = 'impersonation.block' AND d.after ->> 'actionClass' IN ('export', 'change') ORDER BY sequence",
  );
  expect(entries).toEqual([
    { outcome: 'denied', actor_id: samId, actor_role: 'support_admin', target_id: userId, actor_email: 'sam@acme.example', after: expect.objectContaining({ session: session.id, actionClass: 'change', times: 2 }) },
    { outcome: 'denied', actor_id: samId, actor_role: 'support_admin', target_id: userId, actor_email: 'sam@acme.example', after: expect.objectContaining({ session: session.id, actionClass: 'export', times: 50 }) },
  ]);
});

test('reports of several hosts at once lose nothing and do not lock each other out', async () => {
  const before = (await query('SELECT count(*) FROM admin_center.impersonation_request'))[0]?.['count'];
  const classes = ['password', 'email', 'mfa', 'export'];
  await Promise.all(Array.from({ length: 8 }, (_, host) => record(Array.from({ length: 20 }, (__, index) => blocked(`/${host}/${index}`, classes[(host + index) % classes.length] as string)))));
  expect(Number((await query('SELECT count(*) FROM admin_center.impersonation_request'))[0]?.['count'])).toBe(Number(before) + 160);
});

test('the end of the session ties the log to the audit chain: whoever changes a row afterwards changes the digest', async () => {
  const { body } = await sam.post(`/api/v1/impersonation/sessions/${session.id}/end`, { reason: 'The question is answered.' });
  const [entry] = await query('SELECT after FROM admin_center.audit_detail WHERE sequence = $1', [(body as { auditSequence: number }).auditSequence]);
  const digest = async () => (await query("SELECT encode(admin_center.impersonation_digest($1), 'hex') AS digest", [session.id]))[0]?.['digest'];
  expect(entry).toMatchObject({ after: { digest: await digest(), requests: 215 } });
  await query('ALTER TABLE admin_center.impersonation_request DISABLE TRIGGER guard');
  await query("UPDATE admin_center.impersonation_request SET route = '/harmless' WHERE route = '/password'");
  expect(await digest()).not.toBe((entry as { after: { digest: string } }).after.digest);
});
