// What was done with the Admin Center before the demo begins: there once, the same for the same company, and whole.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../src/testing.ts';
import { loadDemo } from './load.ts';
import { loadPast } from './past.ts';

const now = new Date('2026-03-02T10:00:00Z');
let databases: TestDatabase[];
beforeAll(async () => {
  databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  for (const { url } of databases) {
    await loadDemo({ databaseUrl: url, seed: 7, users: 1_500, days: 40, now });
  }
});
afterAll(() => Promise.all(databases.map((database) => database.close())));

const [first, second] = [() => databases[0] as TestDatabase, () => databases[1] as TestDatabase];
const rows = async (database: TestDatabase, text: string) => (await database.pool.query(text)).rows as Record<string, unknown>[];

test('is written once, and the same for the same company', async () => {
  expect(await loadPast(first().url)).toContain('impersonation');
  expect(await loadPast(first().url)).toEqual([]);
  await loadPast(second().url);
  const all = 'SELECT * FROM admin_center.impersonation_session ORDER BY id';
  expect(await rows(first(), all)).toEqual(await rows(second(), all));
});

test('has impersonations of customers that are over, with what was done in them and counters that agree', async () => {
  const database = first();
  const [found] = await rows(database, `
    SELECT count(*) AS sessions, count(*) FILTER (WHERE ended_at IS NULL OR ended_at > '2026-03-02T10:00:00Z') AS wrong, count(DISTINCT state) AS states, count(DISTINCT admin_id) AS admins,
      count(*) FILTER (WHERE EXISTS (SELECT FROM admin_center.admin_grant g WHERE g.user_id = s.user_id)) AS of_admins,
      (SELECT sum(value)::bigint FROM admin_center.tally WHERE metric = 'admincenter_impersonation_sessions_total') AS counted,
      (SELECT sum(value)::bigint FROM admin_center.tally WHERE metric = 'admincenter_impersonation_blocked_actions_total') AS counted_blocked,
      (SELECT count(*) FROM admin_center.impersonation_request WHERE blocked) AS blocked,
      (SELECT count(*) FROM admin_center.impersonation_request r JOIN admin_center.impersonation_session o ON o.id = r.session_id WHERE r.at NOT BETWEEN o.started_at AND o.ended_at) AS outside
    FROM admin_center.impersonation_session s`);
  expect(found).toMatchObject({ wrong: 0, states: 3, admins: 2, of_admins: 0, outside: 0 });
  expect(found?.['sessions']).toBeGreaterThan(20);
  expect(found?.['counted']).toBe(found?.['sessions']);
  expect(found?.['blocked']).toBeGreaterThan(5);
  expect(found?.['counted_blocked']).toBe(found?.['blocked']);
});

test('has flags at every stage of life, whose counters are their usage', async () => {
  const database = first();
  const [found] = await rows(database, `
    SELECT count(*) AS flags, count(*) FILTER (WHERE f.version <> (SELECT max(version) FROM admin_center.flag_version v WHERE v.flag = f.key)) AS wrong_versions,
      (SELECT definition #>> '{rollout,percentage}' FROM admin_center.flag WHERE key = 'new-tunnel-engine') AS tunnel_engine,
      (SELECT count(*) FROM admin_center.flag WHERE experiment_state = 'running') AS running,
      (SELECT sum(value)::bigint FROM admin_center.tally WHERE metric = 'admincenter_flag_evaluations_total') AS counted,
      (SELECT sum(evaluations)::bigint FROM admin_center.flag_usage) AS used,
      (SELECT count(*) FROM admin_center.flag_usage WHERE last_at > '2026-03-02T10:00:00Z' OR first_at > last_at) AS of_the_future
    FROM admin_center.flag f`);
  expect(found).toMatchObject({ flags: 10, wrong_versions: 0, tunnel_engine: '0', running: 1, of_the_future: 0 });
  expect(found?.['counted']).toBe(found?.['used']);
});

test('has an audit log of all that, each entry at its own time, whose chain holds', async () => {
  const database = first();
  const [found] = await rows(database, `
    SELECT count(*) AS entries, count(*) FILTER (WHERE l.at > '2026-03-02T10:00:00Z' OR l.at < lag.at) AS wrong_times,
      count(*) FILTER (WHERE l.previous_hash <> lag.hash OR l.hash <> admin_center.audit_hash(l) OR l.detail_digest <> admin_center.audit_digest(d)) AS broken,
      (SELECT count(*) FROM admin_center.flag_version) AS versions, count(*) FILTER (WHERE l.target_type = 'flag') AS of_flags,
      (SELECT count(*) FROM admin_center.impersonation_session WHERE started_at IS NOT NULL) AS started, count(*) FILTER (WHERE l.action = 'impersonation.start') AS of_starts,
      (SELECT sequence FROM admin_center.audit_checkpoint) AS head, (SELECT count(*) FROM admin_center.outbox WHERE relayed_at IS NULL) AS to_relay,
      count(*) FILTER (WHERE (d.actor_email IS NULL) <> (l.actor_role = 'system')) AS unnamed
    FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence)
    LEFT JOIN admin_center.audit_log lag ON lag.sequence = l.sequence - 1`);
  expect(found).toMatchObject({ wrong_times: 0, broken: 0, unnamed: 0 });
  expect(found?.['entries']).toBeGreaterThan(100);
  expect([found?.['head'], found?.['to_relay']]).toEqual([found?.['entries'], found?.['entries']]);
  expect(found?.['of_flags']).toBe(found?.['versions']);
  expect(found?.['of_starts']).toBe(found?.['started']);
});

test('is not written where there is no demo company', async () => {
  const empty = await createTestDatabase();
  expect(await loadPast(empty.url)).toEqual([]);
  await empty.close();
});
