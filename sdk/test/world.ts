// A real API with a key, and rows that admins would have made.
import { randomUUID } from 'node:crypto';
import { startTestApi, type TestApi } from '../../actions-api/test/api.ts';
import { makeTestKey } from '../../actions-api/test/keys.ts';
import { makeFlag } from '../../actions-api/test/make-flag.ts';

export { eventually } from '../../actions-api/test/process.ts';

export interface World {
  readonly api: TestApi;
  readonly key: string;
  /** A boolean flag with the variants `on` and `off`. @returns its key */
  makeFlag(state: 'on' | 'off', percentage?: number, key?: string): Promise<string>;
  setFlag(key: string, state: 'on' | 'off' | 'killed'): Promise<void>;
  /** A session that runs, as if its code had been exchanged. */
  makeImpersonation(scope: 'read' | 'write'): Promise<Impersonated>;
  suspend(userId: string): Promise<void>;
}

export interface Impersonated {
  readonly id: string;
  readonly userId: string;
  readonly adminId: string;
}

const SUPER = { email: 'super@acme.example' };

export async function startWorld(options: Parameters<typeof startTestApi>[0] = {}): Promise<World> {
  const api = await startTestApi(options);
  const [{ secret }] = await Promise.all([makeTestKey(api), api.db.make.admin(SUPER)]);
  const { pool, make } = api.db;
  return {
    api,
    key: secret,
    makeFlag: (state, percentage, key) => makeFlag(pool, state, percentage, key),
    async setFlag(key, state) {
      await pool.query('UPDATE admin_center.flag SET state = $2 WHERE key = $1', [key, state]);
    },
    async makeImpersonation(scope) {
      const [user, admin] = [await make.user(), await make.admin({ email: `${randomUUID()}@acme.example` })];
      const { rows } = await pool.query(
        `INSERT INTO admin_center.impersonation_session
           (state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, code_hash, code_expires_at, started_at, ends_at, hard_ends_at)
         VALUES ('active', $1, 'user:1', $2, 'super_admin', $3, $4, 30, 'For a test of the SDK.', 'other', sha256($5), now(), now(), now() + interval '30 minutes', now() + interval '60 minutes')
         RETURNING id`,
        [admin.id, admin.email, user.id, scope, Buffer.from(randomUUID())],
      );
      return { id: rows[0].id as string, userId: user.id, adminId: admin.id };
    },
    async suspend(userId) {
      const { status, body } = await api.as(SUPER).post(`/api/v1/users/${userId}/suspend`, { reason: 'For a test of the SDK.' });
      if (status !== 200) {
        throw new Error(JSON.stringify(body));
      }
    },
  };
}
