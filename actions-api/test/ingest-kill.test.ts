// An API that is killed amid a flood of events has lost none that it acknowledged. The bench kills it 20 times.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createTestDatabase } from '@admin-center/database/testing';
import { makeKey } from '@admin-center/platform/project-key';
import { environmentOf } from './api.ts';
import { startIssuer } from './issuer.ts';
import { killUnderLoad } from './kill-ingest.ts';

test('killed three times under load, it has lost no event that it acknowledged and stored none twice', async () => {
  const [db, issuer, directory] = await Promise.all([createTestDatabase(), startIssuer(), mkdtemp(path.join(tmpdir(), 'admin-center-kill-'))]);
  try {
    const key = makeKey('test');
    await db.pool.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Test', 'server', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
    const counts = await killUnderLoad({ environment: environmentOf(db, issuer, directory, { API_ROLES: 'ingest' }), key: key.secret, pool: db.pool, kills: 3 });
    expect(counts).toMatchObject({ lost: 0, twice: 0 });
    expect(counts.acknowledged).toBeGreaterThan(100);
  } finally {
    await Promise.all([db.close(), issuer.close(), rm(directory, { recursive: true, force: true })]);
  }
}, 120_000);
