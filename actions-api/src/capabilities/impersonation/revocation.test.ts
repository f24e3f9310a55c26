// What ends a session at once (S3), whoever changed it and however, also while a request of the admin runs.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger } from '@admin-center/platform/log';
import { metrics } from '@opentelemetry/api';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { ask, callHost, type RequestedBody, startImpersonation } from '../../../test/impersonation.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { eventually } from '../../../test/process.ts';
import { sessionDuration } from './duration.ts';
import { sweepSessions } from './sweep.ts';

const log = createLogger('test', 'silent');
const duration = sessionDuration(metrics.getMeter('test'));

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
  key = (await makeTestKey(api)).secret;
});
afterAll(() => api.close());

interface Cast {
  readonly admin: Client;
  readonly adminId: string;
  readonly userId: string;
  readonly adminSessions: readonly string[];
  readonly userSessions: readonly string[];
}
let made = 0;
let cast: Cast;
beforeEach(async () => {
  const { make } = api.db;
  const email = `support${++made}@acme.example`;
  const { id: adminId } = await make.admin({ email, role: 'support_admin' });
  const { id: userId } = await make.user();
  cast = {
    admin: api.as({ email }), adminId, userId,
    adminSessions: [(await make.session(adminId)).id, (await make.session(adminId)).id],
    userSessions: [(await make.session(userId)).id, (await make.session(userId)).id],
  };
});

const query = (text: string, values: readonly unknown[] = []) => api.db.pool.query(text, [...values]);
const row = async (id: string) => (await query('SELECT state, end_cause FROM admin_center.impersonation_session WHERE id = $1', [id])).rows[0] as Record<string, unknown>;
const check = async (sessionId: string) => (await callHost(api, key, 'check', { sessionId })).body;
const known = (sessionId: string): boolean => api.policy.impersonation.current().sessions.some(({ id }) => id === sessionId);
const revoke = (adminId: string) => query('UPDATE public.admin_roles SET is_active = false, revoked_at = now() WHERE user_id = $1', [adminId]);
const endSessions = (ids: readonly string[]) => query("UPDATE public.user_sessions SET is_active = '0' WHERE id = ANY ($1)", [ids]);

describe('a session is over at the next request', () => {
  test.each<[string, string, (cast: Cast) => Promise<unknown>]>([
    ['the admin loses the role', 'admin_role_revoked', ({ adminId }) => revoke(adminId)],
    ['the admin has another role, that may not impersonate', 'admin_role_revoked', ({ adminId }) => query("UPDATE public.admin_roles SET role = 'finance_admin' WHERE user_id = $1", [adminId])],
    ['the admin is suspended', 'admin_role_revoked', ({ adminId }) => query('UPDATE public.users SET is_suspended = true WHERE id = $1', [adminId])],
    ['the admin signs out everywhere', 'admin_signed_out', ({ adminSessions }) => endSessions(adminSessions)],
    ['the user signs out everywhere', 'user_signed_out', ({ userSessions }) => endSessions(userSessions)],
    ['the host deletes the sessions of the user', 'user_signed_out', ({ userSessions }) => query('DELETE FROM public.user_sessions WHERE id = ANY ($1)', [userSessions])],
    ['the user is suspended', 'user_suspended', ({ userId }) => query('UPDATE public.users SET is_suspended = true, suspended_at = now() WHERE id = $1', [userId])],
    ['the user is deleted', 'user_deleted', ({ userId }) => query('UPDATE public.users SET deleted_at = now() WHERE id = $1', [userId])],
    ['the user is gone', 'user_deleted', ({ userId }) => query('DELETE FROM public.users WHERE id = $1', [userId])],
    ['the user becomes an admin', 'user_became_admin', ({ userId }) => query("INSERT INTO public.admin_roles (user_id, role) VALUES ($1, 'finance_admin')", [userId])],
  ])('when %s', async (_, cause, happen) => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    expect(await check(session.id)).toMatchObject({ live: true });
    expect(await sweepSessions(api.database, duration, log)).toBe(0);
    await happen(cast);
    expect(await check(session.id)).toEqual({ live: false, endsAt: null });
    expect(await sweepSessions(api.database, duration, log)).toBe(1);
    expect(await row(session.id)).toEqual({ state: 'revoked', end_cause: cause });
    await eventually(async () => known(session.id), (still) => !still);
    const { rows } = await query("SELECT l.actor_role, d.after FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE action = 'impersonation.finish' AND target_id = $1", [cast.userId]);
    expect(rows).toMatchObject([{ actor_role: 'system', after: { session: session.id, endCause: cause, admin: cast.adminId } }]);
  });

  test('not when one of several devices is signed out, nor when sessions run out by themselves', async () => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    await endSessions([cast.adminSessions[0] as string, cast.userSessions[0] as string]);
    await query("UPDATE public.user_sessions SET expires_at = now() - interval '1 second' WHERE id = ANY ($1)", [[cast.adminSessions[1], cast.userSessions[1]]]);
    expect(await check(session.id)).toMatchObject({ live: true });
  });

  /** Of who signed in first while the session ran, and of who did so after their other sessions had run out. */
  test.each<[string, string, (cast: Cast) => string]>([
    ['the user', 'user_signed_out', ({ userId }) => userId],
    ['the admin', 'admin_signed_out', ({ adminId }) => adminId],
  ])('when %s signed in meanwhile and then signs out everywhere', async (_, cause, whose) => {
    const id = whose(cast);
    await query("UPDATE public.user_sessions SET is_active = '0' WHERE user_id = $1", [id]);
    const first = await startImpersonation(api, cast.admin, key, cast.userId);
    await endSessions([(await api.db.make.session(id)).id]);
    expect(await check(first.session.id)).toMatchObject({ live: false });
    await sweepSessions(api.database, duration, log);
    expect(await row(first.session.id)).toMatchObject({ end_cause: cause });

    const old = await api.db.make.session(id);
    const second = await startImpersonation(api, cast.admin, key, cast.userId);
    await query("UPDATE public.user_sessions SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second' WHERE id = $1", [old.id]);
    const [one, other] = [await api.db.make.session(id, { createdAt: new Date(Date.now() + 1_000) }), await api.db.make.session(id, { createdAt: new Date(Date.now() + 1_000) })];
    await endSessions([one.id]);
    expect(await check(second.session.id)).toMatchObject({ live: true });
    // The host leaves alone what had run out before.
    await endSessions([other.id]);
    expect(await check(second.session.id)).toMatchObject({ live: false });
  });

  test('when an admin suspends the user in the Admin Center', async () => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    expect(await cast.admin.post(`/api/v1/users/${cast.userId}/suspend`, { reason: 'Seen in the session: abuse.' })).toMatchObject({ status: 200 });
    expect(await check(session.id)).toMatchObject({ live: false });
  });
});

describe('a code that waits', () => {
  test.each<[string, string, (cast: Cast) => Promise<unknown>]>([
    ['the admin lost the role', 'admin_role_revoked', ({ adminId }) => revoke(adminId)],
    ['the user became an admin', 'user_became_admin', ({ userId }) => query("INSERT INTO public.admin_roles (user_id, role) VALUES ($1, 'finance_admin')", [userId])],
    ['the user was suspended', 'user_suspended', ({ userId }) => query('UPDATE public.users SET is_suspended = true WHERE id = $1', [userId])],
    ['the admin signed out everywhere', 'admin_signed_out', ({ adminSessions }) => endSessions(adminSessions)],
    ['the user signed out everywhere', 'user_signed_out', ({ userSessions }) => endSessions(userSessions)],
  ])('is refused once %s', async (_, cause, happen) => {
    const { code, session } = (await ask(cast.admin, cast.userId)).body as RequestedBody;
    await happen(cast);
    expect(await callHost(api, key, 'exchange', { code })).toMatchObject({ status: 400, body: { code: 'code_invalid' } });
    expect(await row(session.id)).toEqual({ state: 'refused', end_cause: cause });
    const tally = await query("SELECT value FROM admin_center.tally WHERE metric = 'admincenter_impersonation_sessions_total' AND labels @> '{\"outcome\": \"refused\"}'");
    expect(tally.rows[0].value).toBeGreaterThan(0);
  });
});

describe('what a host tells of a user', () => {
  test.each(['password_reset', 'user_signed_out'])('%s ends the session that runs and takes back the code that waits', async (cause) => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    const other = await api.db.make.admin({ email: `other${++made}@acme.example`, role: 'support_admin' });
    const waiting = (await ask(api.as({ email: other.email }), cast.userId)).body as RequestedBody;
    expect(await callHost(api, key, 'end', { userId: cast.userId, cause })).toMatchObject({ status: 200, body: { ended: 2 } });
    expect(await check(session.id)).toEqual({ live: false, endsAt: null });
    expect(await row(session.id)).toEqual({ state: 'revoked', end_cause: cause });
    expect(await callHost(api, key, 'exchange', { code: waiting.code })).toMatchObject({ status: 400 });
  });
});

describe('time', () => {
  test('ends what nobody ends: sessions at their end, codes after ten minutes; how long a session lasted is what it was granted', async () => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId, { minutes: 5 });
    await query("UPDATE admin_center.impersonation_session SET started_at = started_at - interval '7 minutes', ends_at = ends_at - interval '7 minutes', hard_ends_at = hard_ends_at - interval '7 minutes' WHERE id = $1", [session.id]);
    await sweepSessions(api.database, duration, log);
    const { rows } = await query('SELECT state, end_cause, extract(epoch FROM ended_at - started_at)::integer AS seconds FROM admin_center.impersonation_session WHERE id = $1', [session.id]);
    expect(rows).toEqual([{ state: 'expired', end_cause: 'time_over', seconds: 300 }]);
    const waiting = (await ask(cast.admin, cast.userId)).body as RequestedBody;
    await query("UPDATE admin_center.impersonation_session SET code_expires_at = clock_timestamp() WHERE id = $1", [waiting.session.id]);
    await sweepSessions(api.database, duration, log);
    expect(await row(waiting.session.id)).toEqual({ state: 'expired', end_cause: 'code_unused' });
  });

  test('several sweeps at once end each session once', async () => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    await revoke(cast.adminId);
    const ended = await Promise.all(Array.from({ length: 5 }, () => sweepSessions(api.database, duration, log)));
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await row(session.id)).toMatchObject({ end_cause: 'admin_role_revoked' });
  });
});

describe('sessions do not chain', () => {
  test('A impersonates B, B becomes an admin: the session is over, and B cannot impersonate A or anybody while it was not', async () => {
    const { session } = await startImpersonation(api, cast.admin, key, cast.userId);
    await query("INSERT INTO public.admin_roles (user_id, role) VALUES ($1, 'super_admin')", [cast.userId]);
    const { rows } = await query('SELECT email FROM public.users WHERE id = $1', [cast.userId]);
    const asB = api.as({ email: rows[0].email as string });
    const bystander = (await api.db.make.user()).id;
    expect(await ask(asB, cast.adminId)).toMatchObject({ status: 403, body: { code: 'target_is_admin' } });
    expect(await ask(asB, bystander)).toMatchObject({ status: 403, body: { code: 'actor_is_impersonated' } });
    await sweepSessions(api.database, duration, log);
    expect(await row(session.id)).toMatchObject({ end_cause: 'user_became_admin' });
    expect(await ask(asB, bystander)).toMatchObject({ status: 200 });
  });

  test('an admin whose role came back is not impersonated beside a session of their own', async () => {
    // Without the role for a moment, B is a user whom A may impersonate; the session that B holds must not go on beneath it.
    const first = await startImpersonation(api, cast.admin, key, cast.userId);
    await query('UPDATE public.admin_roles SET is_active = false WHERE user_id = $1', [cast.adminId]);
    const other = await api.db.make.admin({ email: `chief${made}@acme.example` });
    const second = await startImpersonation(api, api.as({ email: other.email }), key, cast.adminId);
    await query('UPDATE public.admin_roles SET is_active = true WHERE user_id = $1', [cast.adminId]);
    expect(await check(first.session.id)).toMatchObject({ live: false });
    expect(await check(second.session.id)).toMatchObject({ live: false });
  });
});

describe('revocation of an admin while their request runs', () => {
  /** Holds the request at the user's row until the role is gone. */
  const duringRevocation = async <T>(send: () => Promise<T>): Promise<T> => {
    const client = await api.db.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM public.users WHERE id = $1 FOR UPDATE', [cast.userId]);
      const answer = send();
      await eventually(async () => (await query("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rows[0].count as number, (count) => Number(count) > 0);
      await revoke(cast.adminId);
      await client.query('COMMIT');
      return await answer;
    } finally {
      client.release();
    }
  };

  test('a request for a session is denied, and there is none', async () => {
    expect(await duringRevocation(() => ask(cast.admin, cast.userId))).toMatchObject({ status: 403, body: { code: 'no_admin_role' } });
    expect((await query('SELECT FROM admin_center.impersonation_session WHERE admin_id = $1', [cast.adminId])).rowCount).toBe(0);
  });

  test('an exchange is refused or its session ends, whoever was first', async () => {
    const { code, session } = (await ask(cast.admin, cast.userId)).body as RequestedBody;
    const [exchanged] = await Promise.all([callHost(api, key, 'exchange', { code }), revoke(cast.adminId)]);
    expect([200, 400]).toContain(exchanged.status);
    expect(await check(session.id)).toMatchObject({ live: false });
    await sweepSessions(api.database, duration, log);
    expect(await row(session.id)).toEqual({ state: exchanged.status === 200 ? 'revoked' : 'refused', end_cause: 'admin_role_revoked' });
  });
});
