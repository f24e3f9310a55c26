// The loop as a worker runs it, on a machine whose clock is wrong.
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import { booleanFlag } from '../../../../test/flags.ts';
import { eventually } from '../../../../test/process.ts';
import type { Config } from '../../../config.ts';
import { createRecorder } from '../../../platform/audited.ts';
import { createDatabase, type Database, databaseTime } from '../../../platform/database.ts';
import { systemActor } from '../../../platform/system-actor.ts';
import { insertFlag, readFlag } from '../store.ts';
import { startGuardLoop } from './loop.ts';
import { readRamp, writeRamp } from './store.ts';

let db: TestDatabase;
let pool: pg.Pool;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-worker', max: 6 });
  database = createDatabase(pool);
});
afterEach(() => {
  jest.useRealTimers();
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

test.each([['ahead', 40_000], ['behind', -40_000]])('a worker whose clock is %s counts the time that a step was held by the database', async (key, skew) => {
  const steps = [{ percentage: 5, holdMinutes: 1 }, { percentage: 100, holdMinutes: 1 }];
  const before = await databaseTime(database);
  await database.transaction().execute(async (tx) => {
    const definition = flagDefinition.parse(booleanFlag(5, { ramp: { variant: 'on', steps } }));
    await insertFlag(tx, key, 'salt', { state: 'on', definition, experimentState: null }, { change: 'create', actor: systemActor('test'), reason: 'A test of clocks.' });
    await writeRamp(tx, key, {
      state: 'running', variant: 'on', steps, step: 0, approvedStep: 1, stepStartedAt: before, heldMs: 30_000, percentageBefore: 0, suspected: [],
      evaluatedAt: new Date(before.getTime() - 10_000), message: null, breachedBy: null,
    });
  });
  jest.useFakeTimers({ now: Date.now() + skew, doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  const recorder = createRecorder(database, metrics.getMeter('test').createHistogram('test'));
  const loop = startGuardLoop({ config: { GUARDRAIL_INTERVAL_SECONDS: 1 } as Config, pool, database, recorder, log: createLogger('test', 'silent') });
  try {
    const ramp = await eventually(() => readRamp(database, key), (found) => found !== null && found.evaluatedAt !== null && found.evaluatedAt >= before, 8_000);
    expect(ramp).toMatchObject({ state: 'running', step: 0 });
    expect(ramp?.heldMs).toBeGreaterThanOrEqual(40_000);
    expect(ramp?.heldMs).toBeLessThan(55_000);
    expect((await readFlag(database, key)).definition.rollout?.percentage).toBe(5);
  } finally {
    jest.useRealTimers();
    await loop.close();
  }
});
