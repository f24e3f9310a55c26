// The accounts that sign in to the demo, and the roles that stand in the host's tables.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { ADMIN_IDS, adminsFile, DEMO_ADMINS } from './admins.ts';
import { loadDemo } from './load.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadDemo({ databaseUrl: database.url, seed: 3, users: 120, days: 10, now: new Date('2026-03-02T10:00:00Z') });
});
afterAll(() => database.close());

describe('admins', () => {
  test('the sign-in file lists everybody without roles or ids', () => {
    expect(JSON.parse(adminsFile())).toEqual(DEMO_ADMINS.map(({ login, name, email, orgRole }) => ({ login, name, email, orgRole })));
  });

  test('hold their roles in the host; Vic holds none, and one grant is revoked', async () => {
    const { rows } = await database.pool.query<{ email: string; role: string; is_active: boolean; revoked: boolean }>(
      `SELECT email, role, is_active, revoked_at IS NOT NULL AS revoked
       FROM public.admin_roles JOIN public.users ON users.id = admin_roles.user_id ORDER BY email`,
    );
    expect(rows).toEqual([
      { email: 'ada.okafor@acme.example', role: 'super_admin', is_active: true, revoked: false },
      { email: 'fin.larsen@acme.example', role: 'finance_admin', is_active: true, revoked: false },
      { email: 'rae.novak@acme.example', role: 'support_admin', is_active: false, revoked: true },
      { email: 'sam.rivera@acme.example', role: 'support_admin', is_active: true, revoked: false },
    ]);
  });

  test('are users with a verified sign-in identity, under ids that no seed changes', async () => {
    const { rows } = await database.pool.query<{ id: string; name: string; jwt_id: string; email_verified: boolean }>(
      `SELECT id, name, jwt_id, email_verified FROM public.users WHERE email = ANY ($1) ORDER BY email`,
      [DEMO_ADMINS.map(({ email }) => email)],
    );
    expect(rows.map(({ id }) => id)).toEqual([ADMIN_IDS.ada, ADMIN_IDS.fin, ADMIN_IDS.sam, ADMIN_IDS.vic]);
    expect(rows.every(({ jwt_id, email_verified }) => jwt_id.startsWith('auth0|') && email_verified)).toBe(true);
  });
});
