// A project key for a test, put into the database as the installation does.
import { makeKey, type NewKey } from '@admin-center/platform/project-key';
import type { KeyKind } from '../src/platform/project-keys/policy.ts';
import { eventually } from './process.ts';
import type { TestApi } from './api.ts';

/** Resolves when the API knows it. */
export async function makeTestKey(api: TestApi, kind: KeyKind = 'server', expiresAt: Date | null = null): Promise<NewKey> {
  const key = makeKey('test');
  await api.db.pool.query(
    "INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4, expires_at) VALUES ($1, 'default', 'Test', $2, 'test', $3, $4, $5)",
    [key.id, kind, key.secretHash, key.last4, expiresAt],
  );
  await eventually(async () => Object.hasOwn(api.policy.projectKeys.current(), key.id), (known) => known);
  return key;
}
