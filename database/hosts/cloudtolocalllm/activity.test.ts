// Sessions and the events that make a user active (D1, version 1).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHostSchema } from '../../src/host-schema.ts';
import { migrate } from '../../src/migrate.ts';
import { createTestDatabase, TEST_PASSWORDS, type TestDatabase } from '../../src/testing.ts';

let database: TestDatabase;
let byHand: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  byHand = await createTestDatabase({ host: 'empty' });
  await createHostSchema(byHand.pool, { variant: 'migrator', fixedByHand: true });
  await migrate({ databaseUrl: byHand.url, passwords: TEST_PASSWORDS });
});
afterAll(async () => {
  await database.close();
  await byHand.close();
});

const hour = (number: number): Date => new Date(Date.UTC(2026, 5, 1, number));

describe.each([
  ['boolean is_active', () => database],
  ['is_active 0 or 1', () => byHand],
])('session, %s', (_, get) => {
  test('is live while it is active and not expired', async () => {
    const { make, pool } = get();
    const { id } = await make.user();
    const live = await make.session(id);
    const ended = await make.session(id, { active: false });
    const expired = await make.session(id, { expiresAt: new Date(Date.now() - 1000) });
    const unmarked = await make.session(id);
    await pool.query('UPDATE public.user_sessions SET is_active = NULL WHERE id = $1', [unmarked.id]);
    const { rows } = await pool.query<{ session_id: string; live: boolean }>('SELECT session_id, live FROM session WHERE user_id = $1', [id]);
    expect(new Map(rows.map((row) => [row.session_id, row.live]))).toEqual(new Map([[live.id, true], [ended.id, false], [expired.id, false], [unmarked.id, true]]));
  });
});

test('session shows no token', async () => {
  const { rows } = await database.pool.query("SELECT attname AS name FROM pg_attribute WHERE attrelid = 'session'::regclass AND attnum > 0 ORDER BY attnum");
  expect(rows.map((row) => row.name)).toEqual(['session_id', 'user_id', 'created_at', 'last_activity_at', 'expires_at', 'ip', 'user_agent', 'live', 'revoked']);
});

describe('qualifying events', () => {
  const events = async (userId: string | null) =>
    (await database.pool.query('SELECT kind, at FROM qualifying_event WHERE user_id IS NOT DISTINCT FROM $1 ORDER BY at, kind', [userId])).rows;

  test('a session counts when it starts and when it is used', async () => {
    const { id } = await database.make.user();
    await database.make.session(id, { createdAt: hour(1), lastActivityAt: hour(3) });
    expect(await events(id)).toEqual([
      { kind: 'session_started', at: hour(1) },
      { kind: 'session_used', at: hour(3) },
    ]);
  });

  test('sessions in which an admin impersonates the user count for nobody, whichever id the host gave them', async () => {
    const { make, pool } = database;
    const { id: userId } = await make.user();
    const { id: adminId } = await make.admin();
    const own = await make.session(userId, { createdAt: hour(1), lastActivityAt: hour(2) });
    const named = await make.session(userId, { createdAt: hour(3), lastActivityAt: hour(4) });
    const same = await make.session(userId, { createdAt: hour(5), lastActivityAt: hour(6) });
    await pool.query(
      `INSERT INTO admin_center.impersonation_session
         (id, state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, started_at, ends_at, hard_ends_at, host_session_id)
       SELECT $1, 'active', $2, 'user:1', 'ada@acme.example', 'super_admin', $3, 'read', 30, 'A ticket about it.', 'support_request', sha256('code'), now(), now(), now() + interval '30 minutes', now() + interval '60 minutes', $4`,
      [same.id, adminId, userId, named.id],
    );
    expect(await events(userId)).toEqual([
      { kind: 'session_started', at: hour(1) },
      { kind: 'session_used', at: hour(2) },
    ]);
    expect((await pool.query('SELECT session_id FROM session WHERE user_id = $1', [userId])).rows).toEqual([{ session_id: own.id }]);
    expect((await pool.query('SELECT FROM public.user_sessions WHERE user_id = $1', [userId])).rowCount).toBe(3);
  });

  test.each([
    ['the token subject', (user: { id: string; subject: string | null }) => user.subject as string],
    ['the user id as text', (user: { id: string }) => user.id],
  ])('conversations and messages under %s are the user’s', async (_, textId) => {
    const user = await database.make.user();
    await database.make.conversation(textId(user), { createdAt: hour(1), messagesAt: [hour(2)] });
    expect(await events(user.id)).toEqual([
      { kind: 'conversation_created', at: hour(1) },
      { kind: 'message_sent', at: hour(2) },
    ]);
  });

  test('what belongs to nobody stays, with a null user', async () => {
    await database.make.conversation('auth0|gone', { createdAt: hour(5), messagesAt: [hour(6)] });
    expect(await events(null)).toEqual([
      { kind: 'conversation_created', at: hour(5) },
      { kind: 'message_sent', at: hour(6) },
    ]);
  });

  test('answers, and messages a client dates into the future, do not count', async () => {
    const { id } = await database.make.user();
    const conversation = await database.make.conversation(id, { createdAt: hour(1), messagesAt: [new Date(Date.now() + 3_600_000)] });
    await database.pool.query("INSERT INTO public.messages (conversation_id, role, content, timestamp) VALUES ($1, 'assistant', 'Hi', $2), ($1, 'system', 'Hi', $2)", [conversation.id, hour(2)]);
    expect(await events(id)).toEqual([{ kind: 'conversation_created', at: hour(1) }]);
  });

  test('admins never count; whoever stopped being one does', async () => {
    const admin = await database.make.admin();
    const former = await database.make.admin({ revokedAt: new Date() });
    for (const { id } of [admin, former]) {
      await database.make.session(id, { createdAt: hour(1) });
    }
    await database.make.conversation(admin.subject as string);
    expect(await events(admin.id)).toEqual([]);
    expect(await events(former.id)).toHaveLength(2);
  });
});

test('the host’s audit entries are readable', async () => {
  const admin = await database.make.admin();
  const user = await database.make.user();
  await database.pool.query(
    `INSERT INTO public.admin_audit_logs (admin_user_id, admin_role, action, resource_type, resource_id, affected_user_id, created_at)
     VALUES ($1, 'super_admin', 'user_suspended', 'user', $2::text, $2::uuid, $3)`,
    [admin.id, user.id, hour(4)],
  );
  const { rows } = await database.pool.query('SELECT at, actor_id, actor_role, action, target_type, target_id, affected_user_id FROM host_audit_entry');
  expect(rows).toEqual([{ at: hour(4), actor_id: admin.id, actor_role: 'super_admin', action: 'user_suspended', target_type: 'user', target_id: user.id, affected_user_id: user.id }]);
});
