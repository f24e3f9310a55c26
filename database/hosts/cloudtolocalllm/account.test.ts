// Accounts, who is an admin, and which account a TEXT user_id means.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../src/testing.ts';
import type { UserOptions } from './factories.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function account(options: UserOptions): Promise<Record<string, unknown>> {
  const { id } = await database.make.user(options);
  const { rows } = await database.pool.query('SELECT * FROM account WHERE user_id = $1', [id]);
  expect(rows).toHaveLength(1);
  return rows[0] as Record<string, unknown>;
}

test('an account shows what the host knows, and no token', async () => {
  const shown = await account({ email: 'Noa.Silva@acme.example', name: 'Noa Silva', subject: 'google-oauth2|77', locale: 'pt', createdAt: new Date('2026-01-02T03:04:05Z') });
  expect(shown).toMatchObject({
    subject: 'google-oauth2|77', identity_source: 'google-oauth2', email: 'Noa.Silva@acme.example', display_name: 'Noa Silva', locale: 'pt', email_verified: true,
    created_at: new Date('2026-01-02T03:04:05Z'), state: 'active', suspended_at: null, suspension_reason: null, deleted_at: null,
  });
});

test('an account without a login has no identity source', async () => {
  expect(await account({ subject: null })).toMatchObject({ subject: null, identity_source: null });
});

test('the display name is the first that is more than spaces', async () => {
  const { id } = await database.make.user({ name: '  ' });
  await database.pool.query("UPDATE public.users SET nickname = '', username = ' noa ' WHERE id = $1", [id]);
  const { rows } = await database.pool.query('SELECT display_name FROM account WHERE user_id = $1', [id]);
  expect(rows).toEqual([{ display_name: 'noa' }]);
});

test('a placeholder address counts as unverified, whatever the host says', async () => {
  expect(await account({ email: 'auth0|5@placeholder.local', emailVerified: true })).toMatchObject({ email_is_placeholder: true, email_verified: false });
});

describe('state', () => {
  const at = new Date('2026-03-04T05:06:07.890Z');
  test.each<[string, UserOptions, string, Date | null]>([
    ['nothing set', {}, 'active', null],
    ['suspended', { suspendedAt: at }, 'suspended', null],
    ['deleted by column', { deletedAt: at }, 'deleted', at],
    ['deleted wins over suspended', { deletedAt: at, suspendedAt: at }, 'deleted', at],
    ['deleted by metadata, as JavaScript writes an instant', { metadata: { is_deleted: true, deleted_at: '2026-03-04T05:06:07.890Z' } }, 'deleted', at],
    ['deleted by metadata with an offset', { metadata: { deleted_at: '2026-03-04T06:06:07.890+01:00' } }, 'deleted', at],
    ['deleted by metadata on a day', { metadata: { deleted_at: '2026-03-04' } }, 'deleted', new Date('2026-03-04T00:00:00Z')],
    ['only the flag', { metadata: { is_deleted: true } }, 'deleted', null],
    ['the flag as text', { metadata: { is_deleted: 'true' } }, 'deleted', null],
    ['the flag off', { metadata: { is_deleted: false, deleted_at: null } }, 'active', null],
    ['a date that does not exist', { metadata: { deleted_at: '2026-02-30T00:00:00Z' } }, 'active', null],
    ['text that is no date', { metadata: { deleted_at: 'yesterday' } }, 'active', null],
    ['text that begins like a date', { metadata: { deleted_at: '2026-xx-04 and so on' } }, 'active', null],
    ['a number', { metadata: { deleted_at: 1772600767 } }, 'active', null],
    ['empty text', { metadata: { deleted_at: '' } }, 'active', null],
    ['malformed, but with its flag', { metadata: { is_deleted: true, deleted_at: 'soon' } }, 'deleted', null],
    ['metadata that is a list', { metadata: ['deleted_at'] }, 'active', null],
    ['metadata that is a word', { metadata: 'deleted_at' }, 'active', null],
  ])('%s', async (_, options, state, deletedAt) => {
    expect(await account(options)).toMatchObject({ state, deleted_at: deletedAt });
  });
});

describe('admin', () => {
  const admins = async (id: string) => (await database.pool.query('SELECT email, role FROM admin WHERE user_id = $1 ORDER BY role', [id])).rows;

  test('an active grant makes an admin, several make several rows', async () => {
    const { id, email } = await database.make.admin({ role: 'support_admin' });
    await database.pool.query("INSERT INTO public.admin_roles (user_id, role) VALUES ($1, 'finance_admin')", [id]);
    expect(await admins(id)).toEqual([
      { email, role: 'finance_admin' },
      { email, role: 'support_admin' },
    ]);
  });

  test.each([
    ['switched off', { active: false }],
    ['revoked, though still switched on', { active: true, revokedAt: new Date() }],
    ['of a suspended account', { suspendedAt: new Date() }],
    ['of a deleted account', { deletedAt: new Date() }],
    ['of an account deleted by metadata', { metadata: { is_deleted: true } }],
  ])('a grant %s makes none', async (_, options) => {
    const { id } = await database.make.admin(options);
    expect(await admins(id)).toEqual([]);
  });

  test('a placeholder address recognises nobody', async () => {
    const { id } = await database.make.admin({ email: 'auth0|9@placeholder.local' });
    expect(await admins(id)).toEqual([{ email: null, role: 'super_admin' }]);
  });
});

test('identity knows a user by both texts, and nobody else', async () => {
  const { id, subject } = await database.make.user();
  const withoutLogin = await database.make.user({ subject: null });
  const { rows } = await database.pool.query('SELECT text_id, user_id FROM identity WHERE user_id = ANY($1) ORDER BY user_id = $2, text_id = $3', [[id, withoutLogin.id], withoutLogin.id, subject]);
  expect(rows).toEqual([
    { text_id: id, user_id: id },
    { text_id: subject, user_id: id },
    { text_id: withoutLogin.id, user_id: withoutLogin.id },
  ]);
  expect((await database.pool.query("SELECT FROM identity WHERE text_id = 'auth0|nobody'")).rowCount).toBe(0);
});
