// The worker's turns on a real database: what is served, what is written down, and who wins when a person acts meanwhile.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import { createRecorder } from '../../../platform/audited.ts';
import { createDatabase, type Database } from '../../../platform/database.ts';
import { systemActor } from '../../../platform/system-actor.ts';
import { insertFlag, lockFlags, type NextFlag, readFlag, writeFlag } from '../store.ts';
import { takeAlerts } from '../webhooks/store.ts';
import type { Guard } from './measure.ts';
import type { Ramp } from './ramp.ts';
import { readRampStatus } from './status.ts';
import { readHistory, readRamp, writeRamp } from './store.ts';
import { type GuardParts, guardRamps } from './turn.ts';

const START = new Date('2026-03-01T12:00:00Z');
const steps = [{ percentage: 5, holdMinutes: 1 }, { percentage: 20, holdMinutes: 1 }, { percentage: 100, holdMinutes: 1 }];
const person = { ...systemActor('test'), subject: 'user:ada', role: 'super_admin' as const };

let db: TestDatabase;
let pool: pg.Pool;
let database: Database;
let now = START;
/** What the guardrail says next, and what happens while Prometheus is asked. */
let says: 'ok' | 'hold' | 'violation' = 'ok';
let meanwhile: () => Promise<unknown> = async () => undefined;

const guard: Guard = {
  configured: true,
  async measure({ flag, variant }, { name }) {
    const state = says;
    await meanwhile();
    return { sampling: { kind: 'none', why: '' }, finding: { guardrail: name, state, why: `It is ${state}.`, value: state === 'hold' ? null : 0.41, sample: 120, query: `errors{flag="${flag}",variant="${variant}"}` } };
  },
};
const parts = (): GuardParts => ({ database, recorder: createRecorder(database, metrics.getMeter('test').createHistogram('test')), guard, intervalMs: 15_000, leadMs: 45_000, now: async () => now, log: createLogger('test', 'silent') });

beforeAll(async () => {
  db = await createTestDatabase();
  pool = createPool({ connectionString: db.apiUrl, applicationName: 'test-worker', max: 8 });
  database = createDatabase(pool);
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

let key: string;
beforeEach(async () => {
  await db.pool.query("UPDATE flag_ramp SET state = 'done', breached_by = NULL");
  [now, says, meanwhile, key] = [START, 'ok', async () => undefined, `flag-${randomUUID().slice(0, 8)}`];
});

const definition = flagDefinition.parse({
  name: 'New tunnel engine', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off',
  rollout: { percentage: 5, split: [{ variant: 'on', weight: 1 }] }, ramp: { variant: 'on', steps },
  guardrails: [{ name: 'errors', promql: 'errors{flag="{{flag}}",variant="{{variant}}"}', comparison: '>', threshold: 0.05, minimumSample: 50 }],
});

/** A flag whose ramp a person started a moment ago, with its first step. */
async function startRamp(more: Partial<Ramp> = {}): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await insertFlag(tx, key, 'salt', { state: 'on', definition, experimentState: null }, { change: 'create', actor: person, reason: 'A test of ramps.' });
    await writeRamp(tx, key, { state: 'running', variant: 'on', steps, step: 0, approvedStep: 1, stepStartedAt: START, heldMs: 0, percentageBefore: 0, suspected: [], evaluatedAt: START, message: null, breachedBy: null, ...more });
  });
}
async function byHand(change: Partial<NextFlag>): Promise<void> {
  await database.transaction().execute(async (tx) => {
    await lockFlags(tx);
    const flag = await readFlag(tx, key);
    await writeFlag(tx, flag, { state: flag.state, definition: flag.definition, experimentState: null, ...change }, { change: 'update', actor: person, reason: 'By hand, in the middle of it.' });
  });
}
async function turn(): Promise<boolean> {
  now = new Date(now.getTime() + 15_000);
  return guardRamps(parts());
}
async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await turn();
  }
}
const percentage = async () => (await readFlag(database, key)).definition.rollout?.percentage;
const ramp = async () => (await readRamp(database, key)) as Ramp;
const audited = async () => (await db.pool.query(
  `SELECT l.action, l.outcome, l.actor_role, l.actor_subject, d.reason, d.before, d.after
   FROM audit_log l JOIN audit_detail d USING (sequence) WHERE l.target_id = $1 ORDER BY l.sequence`, [key])).rows;

describe('a violation', () => {
  test('is rolled back within two turns, with query, value and sample in the audit log', async () => {
    await startRamp();
    says = 'violation';
    await turn();
    expect(await percentage()).toBe(5);
    await turn();
    expect(await percentage()).toBe(0);
    expect(await ramp()).toMatchObject({ state: 'rolled_back', breachedBy: 'errors' });
    expect(await audited()).toEqual([{
      action: 'flags.rollback', outcome: 'success', actor_role: 'system', actor_subject: 'system:guardrails', reason: 'errors: It is violation.',
      before: expect.objectContaining({ version: 1, percentage: 5 }),
      after: expect.objectContaining({
        version: 2, percentage: 0, guardrail: 'errors', query: `errors{flag="${key}",variant="on"}`, value: 0.41, sample: 120, comparison: '>', threshold: 0.05,
      }),
    }]);
    const { rows } = await db.pool.query('SELECT version, change, actor_subject FROM flag_version WHERE flag = $1 ORDER BY version', [key]);
    expect(rows.at(-1)).toEqual({ version: 2, change: 'ramp', actor_subject: 'system:guardrails' });
  });

  test('rolls back once: what was rolled back is evaluated no more', async () => {
    await startRamp();
    says = 'violation';
    await turns(10);
    expect(await audited()).toHaveLength(1);
    expect(await readHistory(database, key, null, 100)).toHaveLength(2);
  });

  test('goes back to what was served before the ramp', async () => {
    await startRamp({ percentageBefore: 2 });
    says = 'violation';
    await turns(2);
    expect(await percentage()).toBe(2);
  });
});

test('a turn that an alert asked for evaluates nothing a second time', async () => {
  await startRamp();
  says = 'violation';
  await turn();
  await guardRamps(parts());
  await guardRamps(parts());
  expect(await percentage()).toBe(5);
  expect(await readHistory(database, key, null, 100)).toHaveLength(1);
});

test('a kept ramp goes up as far as a person approved, and each step is audited', async () => {
  await startRamp();
  await turns(40);
  expect(await percentage()).toBe(20);
  expect(await ramp()).toMatchObject({ state: 'waiting', step: 1, approvedStep: 1 });
  expect(await audited()).toEqual([expect.objectContaining({ action: 'flags.ramp', outcome: 'success', actor_role: 'system', reason: 'Step 1 of 3 was held for 1 minutes with every guardrail kept; a person approved up to step 2.' })]);
});

test('evaluations a minute apart, each a little late, count the time between them', async () => {
  await startRamp({ state: 'running', approvedStep: 0, heldMs: 0 });
  now = new Date(now.getTime() + 61_000);
  await guardRamps({ ...parts(), intervalMs: 60_000 });
  expect(await ramp()).toMatchObject({ heldMs: 61_000, state: 'waiting' });
});

test('a guardrail that was taken out of the flag is shown no more', async () => {
  await startRamp();
  await turn();
  const shown = async () => (await readRampStatus(database, key, (await readFlag(database, key)).definition))?.guardrails.map(({ guardrail }) => guardrail);
  expect(await shown()).toEqual(['errors']);
  const [errors] = definition.guardrails;
  await byHand({ definition: { ...definition, guardrails: [{ ...(errors as NonNullable<typeof errors>), name: 'failures' }] } });
  expect(await shown()).toEqual([]);
  await turn();
  expect(await shown()).toEqual(['failures']);
});

test('the database itself refuses a step that nobody approved', async () => {
  await startRamp();
  await expect(db.pool.query('UPDATE flag_ramp SET step = 2 WHERE flag = $1', [key])).rejects.toThrow(/check constraint/);
});

test('missing data holds for as long as it is missing; nothing is served differently, nothing audited', async () => {
  await startRamp({ approvedStep: 2 });
  says = 'hold';
  await turns(30);
  expect([await percentage(), (await ramp()).state, (await ramp()).message]).toEqual([5, 'held', 'errors: It is hold.']);
  expect(await audited()).toEqual([]);
});

describe('a person acts while Prometheus is asked', () => {
  test('on something else: the rollback goes on top, and their change stays', async () => {
    await startRamp();
    says = 'violation';
    await turn();
    meanwhile = () => byHand({ definition: { ...definition, description: 'Written by a person meanwhile.' } });
    await turn();
    const flag = await readFlag(database, key);
    expect(flag).toMatchObject({ version: 3, definition: { description: 'Written by a person meanwhile.', rollout: { percentage: 0 } } });
  });

  test('on the rollout itself: their decision stands, the lost rollback is on record, and the ramp ends', async () => {
    await startRamp();
    says = 'violation';
    await turn();
    meanwhile = () => byHand({ definition: { ...definition, rollout: { percentage: 50, split: [{ variant: 'on', weight: 1 }] } } });
    await turn();
    expect(await percentage()).toBe(50);
    expect(await audited()).toEqual([expect.objectContaining({ action: 'flags.rollback', outcome: 'failed', after: { error: 'ramp_overtaken' } })]);
    meanwhile = async () => undefined;
    await turn();
    expect(await percentage()).toBe(50);
    expect(await ramp()).toMatchObject({ state: 'aborted', message: expect.stringContaining('by hand to 50%') });
  });

  test('by killing the flag: it stays killed', async () => {
    await startRamp();
    says = 'violation';
    await turn();
    meanwhile = () => byHand({ state: 'killed' });
    await turn();
    meanwhile = async () => undefined;
    await turn();
    expect(await readFlag(database, key)).toMatchObject({ state: 'killed', version: 2 });
    expect((await ramp()).state).toBe('aborted');
  });

  test('by adding a guardrail: no step is taken before it was asked too', async () => {
    await startRamp({ heldMs: 3_600_000 });
    const [errors] = definition.guardrails;
    meanwhile = () => byHand({ definition: { ...definition, guardrails: [...definition.guardrails, { ...(errors as NonNullable<typeof errors>), name: 'latency' }] } });
    await turn();
    expect(await percentage()).toBe(5);
    meanwhile = async () => undefined;
    await turn();
    expect(await percentage()).toBe(20);
    expect(new Set((await readHistory(database, key, null, 10)).map(({ guardrail }) => guardrail))).toEqual(new Set(['errors', 'latency']));
  });

  test('by pausing: the ramp stays, and a confirmed violation still takes it back', async () => {
    await startRamp({ heldMs: 3_600_000 });
    meanwhile = async () => {
      await db.pool.query("UPDATE flag_ramp SET state = 'paused' WHERE flag = $1", [key]);
    };
    await turn();
    expect([await percentage(), (await ramp()).state]).toEqual([5, 'paused']);
    says = 'violation';
    await turns(2);
    expect([await percentage(), (await ramp()).state]).toEqual([0, 'rolled_back']);
  });

  test.each([1, 2, 3, 4, 5])('at the very same moment, round %d: whoever comes first, the person\'s percentage is what is served', async () => {
    await startRamp();
    says = 'violation';
    await turn();
    const manual = byHand({ definition: { ...definition, rollout: { percentage: 50, split: [{ variant: 'on', weight: 1 }] } } });
    await Promise.all([turn(), manual]);
    await turn();
    // A person's change through the API names its version, so it would be shown the rollback first; here it goes on top.
    expect(await percentage()).toBe(50);
    expect(['aborted', 'rolled_back']).toContain((await ramp()).state);
  });
});

describe('replicas', () => {
  test('take turns: while one is at it the others pass', async () => {
    await startRamp();
    let asked = 0;
    meanwhile = async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
    now = new Date(now.getTime() + 15_000);
    const led = await Promise.all([guardRamps(parts()), guardRamps(parts()), guardRamps(parts())]);
    expect(led.filter(Boolean)).toHaveLength(1);
    expect(asked).toBe(1);
    expect(await turn()).toBe(true);
  });

  test('a leader whose connection dies leaves no lock behind', async () => {
    await startRamp();
    meanwhile = async () => {
      await db.pool.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    };
    await turn().catch(() => undefined);
    meanwhile = async () => undefined;
    expect(await turn()).toBe(true);
    expect((await ramp()).evaluatedAt).toEqual(now);
  });

  test('a leader that hangs loses the lead; another takes over, and what the first one found then moves nothing', async () => {
    await startRamp({ heldMs: 3_600_000 });
    let wakeUp = (): void => undefined;
    meanwhile = () => new Promise<void>((resolve) => (wakeUp = resolve));
    now = new Date(now.getTime() + 15_000);
    const hung = guardRamps({ ...parts(), leadMs: 200 });
    await expect(hung).rejects.toThrow('The lead of guardrails was lost');
    meanwhile = async () => undefined;
    says = 'hold';
    expect(await turn()).toBe(true);
    const taken = await ramp();
    expect(taken).toMatchObject({ state: 'held', step: 0 });
    wakeUp();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await ramp()).toEqual(taken);
    expect(await readHistory(database, key, null, 100)).toHaveLength(1);
  });
});

describe('an alert', () => {
  const alert = (more: object = {}) => ({ eventId: `event-${key}`, flag: key, variant: null, alertName: 'TunnelErrors', summary: 'Tunnels fail.', startsAt: START.toISOString(), ...more });
  const outcomes = async () => (await db.pool.query('SELECT outcome FROM flag_alert WHERE flag = $1 ORDER BY id', [key])).rows.map(({ outcome }) => outcome as string);

  test('takes the ramp back at once, names itself in the audit log, and is obeyed once', async () => {
    await startRamp();
    await takeAlerts(database, 'grafana', [alert()]);
    await turn();
    expect(await percentage()).toBe(0);
    expect(await ramp()).toMatchObject({ state: 'rolled_back', breachedBy: 'alert', message: 'Rolled back to 0% by alert: TunnelErrors fires at grafana. Tunnels fail.' });
    expect(await audited()).toEqual([expect.objectContaining({ action: 'flags.rollback', outcome: 'success', after: expect.objectContaining({ guardrail: 'alert', query: 'ALERTS{alertname="TunnelErrors"}', provider: 'grafana' }) })]);
    await takeAlerts(database, 'grafana', [alert()]);
    await turn();
    expect(await outcomes()).toEqual(['rolled_back']);
  });

  test.each<[string, object, string]>([
    ['about another variant', { variant: 'off' }, 'other_variant'],
    ['about the variant that ramps', { variant: 'on' }, 'rolled_back'],
  ])('%s', async (_, more, outcome) => {
    await startRamp();
    await takeAlerts(database, 'alertmanager', [alert(more)]);
    await turn();
    expect(await outcomes()).toEqual([outcome]);
    expect(await percentage()).toBe(outcome === 'rolled_back' ? 0 : 5);
  });

  test('never turns anything up or on, nor ends what a person decided', async () => {
    await startRamp();
    await byHand({ definition: { ...definition, rollout: { percentage: 50, split: [{ variant: 'on', weight: 1 }] } } });
    await takeAlerts(database, 'grafana', [alert()]);
    await turn();
    expect([await percentage(), await outcomes()]).toEqual([50, ['no_ramp']]);
  });

  test('about a flag that does not exist is put aside', async () => {
    await takeAlerts(database, 'grafana', [alert()]);
    await turn();
    expect(await outcomes()).toEqual(['no_flag']);
  });
});

test('of each guardrail the last 200 evaluations are kept', async () => {
  await startRamp({ approvedStep: 0 });
  await db.pool.query(
    `INSERT INTO guardrail_evaluation (flag, guardrail, at, state, query, message) SELECT $1, name, $2, 'ok', 'up', 'Fine.' FROM generate_series(1, 300), unnest(ARRAY['errors', 'other']) AS name`, [key, START]);
  await turn();
  const { rows } = await db.pool.query('SELECT guardrail, count(*)::int AS kept FROM guardrail_evaluation WHERE flag = $1 GROUP BY 1 ORDER BY 1', [key]);
  expect(rows).toEqual([{ guardrail: 'errors', kept: 200 }, { guardrail: 'other', kept: 300 }]);
});
