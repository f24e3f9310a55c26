// One database for a test file, emptied between its tests: sooner done than a database for each.
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import type pg from 'pg';
import { exporterPool } from './observe.ts';

export interface FreshDatabase {
  readonly database: TestDatabase;
  /** As the exporter's role. */
  readonly pool: pg.Pool;
}

/**
 * Call it at the top of a describe; its members are there once tests run.
 * @param keep leave the rows between tests; the host's tables have no index that would make deleting thousands of users fast
 */
export function freshDatabase({ keep = false } = {}): FreshDatabase {
  const fresh = {} as { database: TestDatabase; pool: pg.Pool };
  beforeAll(async () => {
    fresh.database = await createTestDatabase();
    fresh.pool = exporterPool(fresh.database.exporterUrl);
  });
  afterEach(async () => {
    if (keep) {
      return;
    }
    if ((await fresh.database.pool.query('SELECT FROM admin_center.event LIMIT 1')).rowCount !== 0) {
      await fresh.database.pool.query('TRUNCATE admin_center.event; SELECT admin_center.empty_event_rollups(); DELETE FROM admin_center.feature');
    }
    await fresh.database.pool.query('DELETE FROM public.conversations; DELETE FROM public.users; DELETE FROM admin_center.tally; DELETE FROM admin_center.user_directory');
  });
  afterAll(async () => {
    await fresh.pool.end();
    await fresh.database.close();
  });
  return fresh;
}
