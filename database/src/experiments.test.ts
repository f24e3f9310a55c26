// Experiments in PostgreSQL: plans frozen at the start, exposures in every form they arrive in, outcomes, and sums that
// always equal those of the persons, in whatever order events come.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { rollUpEverything } from './roll-up.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const START = Date.UTC(2026, 5, 1);
const at = (days: number): Date => new Date(START + days * 86_400_000);

let db: TestDatabase;
let client: pg.PoolClient;
beforeAll(async () => {
  db = await createTestDatabase();
  client = await db.pool.connect();
  await client.query("SET TIME ZONE 'UTC'");
  await client.query("SELECT admin_center.ensure_event_partitions('2026-05-01', '2026-07-31')");
  await client.query('CREATE TEMPORARY TABLE rolled_event AS SELECT * FROM admin_center.event WITH NO DATA');
});
afterAll(async () => {
  client.release();
  await db.close();
});
beforeEach(() => client.query('TRUNCATE admin_center.event, admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_day, admin_center.experiment'));

interface Event {
  readonly person: string;
  readonly day: number;
  readonly name: string;
  readonly properties?: object;
  readonly feature?: string;
  readonly known?: boolean;
  readonly type?: string;
}

let flags = 0;

/** A flag whose experiment of two variants started at day 0. */
async function makeExperiment(metric: string, { weights = [['control', 1], ['short', 1]], stopped = null as number | null } = {}): Promise<{ id: number; flag: string }> {
  const flag = `flag-${(flags += 1)}`;
  const definition = { defaultVariant: 'control', experiment: { metric, weights: weights.map(([variant, weight]) => ({ variant, weight })), plannedN: 100 } };
  await client.query('INSERT INTO admin_center.flag (key, salt, state, definition, experiment_state, experiment_started_at, experiment_stopped_at) VALUES ($1, $1, \'on\', $2, $3, $4, $5)', [
    flag, JSON.stringify(definition), stopped === null ? 'running' : 'stopped', at(0), stopped === null ? null : at(stopped),
  ]);
  const { rows: [row] } = await client.query<{ id: number }>('SELECT id FROM admin_center.experiment WHERE flag = $1', [flag]);
  return { id: row?.id as number, flag };
}

const shown = (flag: string, person: string, day: number, variant: string): Event => ({ person, day, name: 'Experiment Viewed', properties: { experiment_id: flag, variation_id: variant } });

async function write(events: readonly Event[]): Promise<void> {
  await client.query('TRUNCATE rolled_event');
  for (const { person, day, name, properties, feature, known = true, type = 'track' } of events) {
    const { rows: [row] } = await client.query(
      `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, properties) VALUES ($1, $2, $3, $4, 'segment', $5, $6, $7, true, $8) RETURNING message_id`,
      [at(day), randomUUID(), person, known, type, name, feature ?? null, properties === undefined ? null : JSON.stringify(properties)],
    );
    await client.query('INSERT INTO rolled_event SELECT * FROM admin_center.event WHERE message_id = $1', [row.message_id]);
  }
}

async function arrive(...events: readonly Event[]): Promise<void> {
  await write(events);
  await client.query('SELECT admin_center.roll_up_exposures()');
}

const sums = async (experiment: number) =>
  (await client.query("SELECT variant, sum(users)::integer AS users, sum(crossed)::integer AS crossed, sum(y)::integer AS y, sum(yy)::integer AS yy, sum(p)::integer AS p, sum(pp)::integer AS pp, sum(py)::integer AS py FROM admin_center.experiment_day WHERE experiment = $1 GROUP BY variant ORDER BY variant", [experiment])).rows;

/** The same, from the persons themselves. */
const oracle = async (experiment: number) =>
  (await client.query(
    `SELECT variant, count(*)::integer AS users, count(*) FILTER (WHERE others <> '{}')::integer AS crossed, sum(y)::integer AS y, sum(y * y)::integer AS yy, sum(value_before)::integer AS p, sum(value_before * value_before)::integer AS pp, sum(value_before * y)::integer AS py
     FROM (SELECT e.*, coalesce((SELECT sum(value) FROM admin_center.experiment_outcome o WHERE o.person_id = e.person_id AND o.experiment = e.experiment), 0) AS y FROM admin_center.exposure e WHERE experiment = $1) person
     GROUP BY variant ORDER BY variant`,
    [experiment],
  )).rows;

test('a start freezes the plan, a stop ends it, another start begins anew', async () => {
  const { flag, id } = await makeExperiment('event:Subscription Started');
  const { rows: [first] } = await client.query('SELECT * FROM admin_center.experiment WHERE id = $1', [id]);
  expect(first).toMatchObject({ run: 1, control: 'control', variants: ['control', 'short'], metric_kind: 'event', metric_name: 'Subscription Started', stopped_at: null });
  await client.query("UPDATE admin_center.flag SET experiment_state = 'stopped', experiment_stopped_at = $2 WHERE key = $1", [flag, at(5)]);
  await client.query(`UPDATE admin_center.flag SET experiment_state = 'draft', definition = jsonb_set(definition, '{experiment,metric}', '"what we feel"') WHERE key = $1`, [flag]);
  expect((await client.query('SELECT plan ->> \'metric\' AS metric, stopped_at FROM admin_center.experiment WHERE flag = $1', [flag])).rows).toEqual([{ metric: 'event:Subscription Started', stopped_at: at(5) }]);
  await client.query("UPDATE admin_center.flag SET experiment_state = 'running', experiment_started_at = $2, experiment_stopped_at = NULL WHERE key = $1", [flag, at(9)]);
  expect((await client.query('SELECT run, metric_kind, started_at FROM admin_center.experiment WHERE flag = $1 ORDER BY run', [flag])).rows).toEqual([
    { run: 1, metric_kind: 'event', started_at: at(0) }, { run: 2, metric_kind: null, started_at: at(9) },
  ]);
});

test.each([
  ['count: Tunnel Started ', 'count', 'Tunnel Started'], ['feature:tunnel', 'feature', 'tunnel'], ['converted_to_paid', 'converted_to_paid', null],
  ['revenue:EUR', 'revenue', 'EUR'], ['revenue', null, null], ['event:', null, null], ['admincenter_trial_conversion_ratio', null, null],
])('of the metric %p it reads %p of %p', async (metric, kind, name) => {
  const { id } = await makeExperiment(metric);
  expect((await client.query('SELECT metric_kind, metric_name FROM admin_center.experiment WHERE id = $1', [id])).rows).toEqual([{ metric_kind: kind, metric_name: name }]);
});

test('a variant without a weight takes no part, and the default without one is no control', async () => {
  const { id } = await makeExperiment('event:A', { weights: [['control', 0], ['long', 2], ['short', 1]] });
  expect((await client.query('SELECT control, variants FROM admin_center.experiment WHERE id = $1', [id])).rows).toEqual([{ control: 'long', variants: ['long', 'short'] }]);
});

test('exposures in every form; others, strangers and times outside are none', async () => {
  const { id, flag } = await makeExperiment('event:Bought', { stopped: 10 });
  const [a, b, c, d, e, f] = Array.from({ length: 6 }, () => randomUUID()) as [string, string, string, string, string, string];
  await arrive(
    shown(flag, a, 1, 'control'),
    { person: b, day: 1, name: 'feature_flag.evaluation', properties: { 'feature_flag.key': flag, 'feature_flag.result.variant': 'short', 'feature_flag.result.reason': 'split' } },
    { person: c, day: 1, name: '$exposure', properties: { flag_key: flag, variant: 'short' }, known: false },
    { person: d, day: 1, name: '$feature_flag_called', properties: { $feature_flag: flag, $feature_flag_response: 'short' } },
    // Targeted, of a variant that takes no part, too early, after the stop, of another flag, no track, and without properties.
    { person: e, day: 1, name: 'feature_flag.evaluation', properties: { 'feature_flag.key': flag, 'feature_flag.result.variant': 'short', 'feature_flag.result.reason': 'targeting_match' } },
    shown(flag, e, 1, 'long'), shown(flag, e, -0.1, 'short'), shown(flag, e, 10, 'short'), shown('another', e, 2, 'short'),
    { ...shown(flag, f, 1, 'short'), type: 'page' }, { person: f, day: 1, name: 'Experiment Viewed' },
  );
  expect((await client.query('SELECT person_id, variant, known, first_at FROM admin_center.exposure WHERE experiment = $1 ORDER BY variant, person_id', [id])).rows).toEqual([
    { person_id: a, variant: 'control', known: true, first_at: at(1) },
    ...[b, c, d].sort().map((person_id) => ({ person_id, variant: 'short', known: person_id !== c, first_at: at(1) })),
  ]);
});

test('the first variant holds, a late earlier one takes its place, and others are crossovers', async () => {
  const { id, flag } = await makeExperiment('event:Bought');
  const person = randomUUID();
  await arrive(shown(flag, person, 2, 'short'), shown(flag, person, 3, 'control'));
  const read = async () => (await client.query('SELECT variant, others, first_at FROM admin_center.exposure WHERE experiment = $1', [id])).rows;
  expect(await read()).toEqual([{ variant: 'short', others: ['control'], first_at: at(2) }]);
  await arrive(shown(flag, person, 1, 'control'));
  expect(await read()).toEqual([{ variant: 'control', others: ['short'], first_at: at(1) }]);
  expect(await sums(id)).toEqual(await (async () => [...(await oracle(id)), { variant: 'short', users: 0, crossed: 0, y: 0, yy: 0, p: 0, pp: 0, py: 0 }])());
});

test('converted or not: only after the exposure and before the stop, once', async () => {
  const { id, flag } = await makeExperiment('event:Bought', { stopped: 10 });
  const [early, yes, late] = [randomUUID(), randomUUID(), randomUUID()];
  await arrive(...[early, yes, late].map((person) => shown(flag, person, 2, 'short')), { person: early, day: 1.9, name: 'Bought' }, { person: yes, day: 4, name: 'Bought' }, { person: yes, day: 3, name: 'Bought' }, { person: late, day: 10, name: 'Bought' });
  await arrive({ person: yes, day: 5, name: 'Bought' });
  expect(await sums(id)).toEqual([{ variant: 'short', users: 3, crossed: 0, y: 1, yy: 1, p: 1, pp: 1, py: 0 }]);
  expect((await client.query('SELECT day::text, value FROM admin_center.experiment_outcome WHERE experiment = $1', [id])).rows).toEqual([{ day: '2026-06-04', value: 1 }]);
});

test('counts add up over days, with squares of what each person had so far', async () => {
  const { id, flag } = await makeExperiment('count:Tunnel Started');
  const person = randomUUID();
  await arrive({ person, day: -1, name: 'Tunnel Started' }, { person, day: -20, name: 'Tunnel Started' }, shown(flag, person, 1, 'control'), { person, day: 1.5, name: 'Tunnel Started' });
  await arrive({ person, day: 2, name: 'Tunnel Started' }, { person, day: 2.5, name: 'Tunnel Started' });
  expect(await sums(id)).toEqual([{ variant: 'control', users: 1, crossed: 0, y: 3, yy: 9, p: 1, pp: 1, py: 3 }]);
  const { rows } = await client.query('SELECT day::text, y, yy FROM admin_center.experiment_day WHERE experiment = $1 ORDER BY day', [id]);
  expect(rows).toEqual([{ day: '2026-06-02', y: 1, yy: '1' }, { day: '2026-06-03', y: 2, yy: '8' }]);
});

test('a feature is used or not', async () => {
  const { id, flag } = await makeExperiment('feature:tunnel');
  const person = randomUUID();
  await arrive(shown(flag, person, 1, 'short'), { person, day: 2, name: 'Feature Used', feature: 'tunnel' }, { person, day: 2, name: 'Feature Used', feature: 'chat' }, { person, day: 2.1, name: 'Feature Used', feature: 'tunnel' });
  expect(await sums(id)).toMatchObject([{ y: 1, yy: 1 }]);
});

test('a visitor who becomes a user keeps the first exposure; who is taken out is not counted', async () => {
  const { id, flag } = await makeExperiment('event:Bought');
  const [visitor, user] = [randomUUID(), randomUUID()];
  await arrive({ ...shown(flag, visitor, 1, 'short'), known: false }, { person: visitor, day: 1.1, name: 'Bought', known: false });
  await arrive(shown(flag, user, 2, 'control'));
  expect((await sums(id)).map(({ users }) => users)).toEqual([1, 1]);
  // What the rollup does when the two are linked.
  await client.query('SELECT admin_center.take_out_exposures($1)', [[visitor]]);
  await client.query('TRUNCATE rolled_event');
  await client.query('WITH moved AS (UPDATE admin_center.event SET person_id = $2, known = true WHERE person_id = $1 RETURNING *) INSERT INTO rolled_event SELECT * FROM moved', [visitor, user]);
  await client.query('SELECT admin_center.roll_up_exposures()');
  expect((await client.query('SELECT person_id, variant, others, known FROM admin_center.exposure WHERE experiment = $1', [id])).rows).toEqual([{ person_id: user, variant: 'short', others: ['control'], known: true }]);
  expect((await sums(id)).find(({ variant }) => variant === 'short')).toMatchObject({ users: 1, crossed: 1, y: 1 });
  await client.query('SELECT admin_center.take_out_exposures($1)', [[user, randomUUID()]]);
  for (const row of await sums(id)) {
    expect(row).toMatchObject({ users: 0, crossed: 0, y: 0, yy: 0, p: 0, pp: 0, py: 0 });
  }
});

test('whatever the order and the batches, and however often: the same as all at once', async () => {
  for (const metric of ['event:Bought', 'count:Bought', 'feature:tunnel']) {
    const { id, flag } = await makeExperiment(metric, { stopped: 12 });
    const people = Array.from({ length: 12 }, () => randomUUID());
    const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
    const events = Array.from({ length: 150 }, (): Event => {
      const [person, day] = [pick(people), Math.random() * 30 - 15];
      return pick([() => shown(flag, person, day, pick(['control', 'short', 'long'])), () => ({ person, day, name: 'Bought' }), () => ({ person, day, name: 'Feature Used', feature: pick(['tunnel', 'chat']) })])();
    });
    for (let from = 0; from < events.length; from += 25) {
      await arrive(...events.slice(from, from + 25));
      if (Math.random() < 0.3) {
        await client.query('SELECT admin_center.roll_up_exposures()');
      }
    }
    const read = async () => (await client.query('SELECT variant, day::text, users, crossed, y, yy::text, p, pp::text, py::text FROM admin_center.experiment_day WHERE experiment = $1 AND (users, crossed, y, p) <> (0, 0, 0, 0) ORDER BY variant, day', [id])).rows;
    const piecemeal = await read();
    expect((await sums(id)).filter(({ users }) => users > 0)).toEqual(await oracle(id));
    await client.query('TRUNCATE admin_center.exposure, admin_center.experiment_outcome, admin_center.experiment_day, rolled_event');
    await client.query('INSERT INTO rolled_event SELECT * FROM admin_center.event');
    await client.query('SELECT admin_center.roll_up_exposures()');
    expect(piecemeal.length).toBeGreaterThan(0);
    expect(await read()).toEqual(piecemeal);
  }
});

test('conversion to paid and revenue follow the host\'s payments, not events', async () => {
  const { id: converted, flag } = await makeExperiment('converted_to_paid');
  const { id: revenue, flag: other } = await makeExperiment('revenue:EUR');
  const [fresh, payer] = [await db.make.user(), await db.make.user()];
  const visitor = randomUUID();
  await db.make.payment(payer.id, { amount: '5.00', currency: 'EUR', createdAt: at(-3) });
  await arrive(...[fresh.id, payer.id, visitor].flatMap((person) => [shown(flag, person, 1, 'short'), shown(other, person, 1, 'short')]));
  await db.make.payment(fresh.id, { amount: '9.99', currency: 'EUR', createdAt: at(2) });
  await db.make.payment(fresh.id, { amount: '9.99', currency: 'EUR', createdAt: at(4) });
  await db.make.payment(fresh.id, { amount: '7.00', currency: 'USD', createdAt: at(4) });
  await db.make.payment(fresh.id, { amount: '3.00', currency: 'EUR', createdAt: at(4), status: 'failed' });
  await db.make.payment(payer.id, { amount: '5.00', currency: 'EUR', createdAt: at(4) });
  const refresh = async () => (await client.query<{ changed: number }>('SELECT admin_center.refresh_experiment_payments() AS changed')).rows[0]?.changed;
  expect(await refresh()).toBe(3);
  expect(await refresh()).toBe(0);
  // Of the payer the first payment was before: known from before, and not converted again.
  expect(await sums(converted)).toEqual([{ variant: 'short', users: 3, crossed: 0, y: 1, yy: 1, p: 1, pp: 1, py: 0 }]);
  expect(await sums(revenue)).toMatchObject([{ users: 3, y: 1_998 + 500, yy: 1_998 ** 2 + 500 ** 2, p: 500, py: 250_000 }]);
});

test('follows what changed of payments since the last run, in full everything, some at a time', async () => {
  const { id, flag } = await makeExperiment('revenue:EUR');
  const payers = await Promise.all(Array.from({ length: 5 }, () => db.make.user()));
  const paid = await Promise.all(payers.map(({ id: payer }) => db.make.payment(payer, { amount: '1.00', currency: 'EUR', createdAt: at(2) })));
  await arrive(...payers.map(({ id: payer }) => shown(flag, payer, 1, 'short')));
  await client.query('TRUNCATE admin_center.experiment_outcome, admin_center.experiment_day, admin_center.experiment_payment_watermark');
  await client.query("SELECT admin_center.count_exposures(array_agg(experiment), array_agg(person_id), 1) FROM admin_center.exposure");
  const refresh = async (full = false, most = 2_000) => (await client.query<{ changed: number }>('SELECT admin_center.refresh_experiment_payments($1, $2) AS changed', [full, most])).rows[0]?.changed;
  const revenue = async () => (await sums(id)).filter(({ users }) => users > 0).map(({ y }) => y);
  expect([await refresh(false, 3), await refresh(false, 3), await refresh(false, 3)]).toEqual([3, 2, 0]);
  expect(await revenue()).toEqual([500]);
  await db.pool.query('DELETE FROM public.payment_transactions WHERE id = $1', [paid[0]?.id]);
  await db.pool.query("UPDATE public.payment_transactions SET amount = 3 WHERE id = $1", [paid[1]?.id]);
  await db.pool.query("UPDATE public.payment_transactions SET amount = 4 WHERE id = $1", [paid[2]?.id]);
  expect([await refresh(), await revenue()]).toEqual([2, [1_000]]);
  expect([await refresh(true), await refresh(true), await revenue()]).toEqual([1, 0, [900]]);
});

test('looks for payments while the rollup is under way', async () => {
  const { flag } = await makeExperiment('revenue:EUR');
  await arrive(shown(flag, (await db.make.user()).id, 1, 'short'));
  const roller = await db.pool.connect();
  try {
    await roller.query('BEGIN');
    await roller.query('SELECT FROM admin_center.event_rollup FOR UPDATE');
    await client.query("SET lock_timeout = '2s'");
    expect((await client.query('SELECT admin_center.refresh_experiment_payments() AS changed')).rows).toEqual([{ changed: 0 }]);
  } finally {
    await client.query('RESET lock_timeout');
    await roller.query('ROLLBACK');
    roller.release();
  }
});

test('by the rollup itself: visitors who become users, erasure, and a rebuild that gives the same', async () => {
  const roller = await db.pool.connect();
  try {
    const { id, flag } = await makeExperiment('event:Bought');
    const user = await db.make.user();
    const [visitor, stranger] = [randomUUID(), randomUUID()];
    const rollUp = () => rollUpEverything(roller);
    await write([{ ...shown(flag, visitor, 1, 'short'), known: false }, { ...shown(flag, stranger, 1, 'control'), known: false }, { person: visitor, day: 1.5, name: 'Bought', known: false }]);
    await rollUp();
    expect((await sums(id)).map(({ variant, users, y }) => [variant, users, y])).toEqual([['control', 1, 0], ['short', 1, 1]]);
    await client.query('INSERT INTO admin_center.person_link (anonymous_id, user_id) VALUES ($1, $2)', [visitor, user.id]);
    await write([shown(flag, user.id, 2, 'control')]);
    await rollUp();
    const linked = [{ variant: 'control', users: 1, crossed: 0, y: 0, yy: 0, p: 0, pp: 0, py: 0 }, { variant: 'short', users: 1, crossed: 1, y: 1, yy: 1, p: 0, pp: 0, py: 0 }];
    expect(await sums(id)).toEqual(linked);
    await roller.query('SELECT admin_center.rebuild_event_rollups()');
    expect(await sums(id)).toEqual(linked);
  } finally {
    roller.release();
  }
});

test.each([
  ['event:Bought', { y: 1, yy: 1, p: 1, py: 1 }, { y: 1, yy: 1, p: 1, py: 1 }],
  ['count:Bought', { y: 2, yy: 4, p: 3, py: 6 }, { y: 4, yy: 16, p: 3, py: 12 }],
])('of %p what is from a month that was dropped stays, also of who goes on', async (metric, before, after) => {
  const { id, flag } = await makeExperiment(metric);
  const [person, other] = [randomUUID(), randomUUID()];
  const bought = (day: number): Event => ({ person, day, name: 'Bought' });
  await arrive(bought(-2), bought(-1.5), bought(-1), shown(flag, person, 1, 'short'), bought(2), bought(3), shown(flag, other, 4, 'control'));
  const told = async () => (await sums(id)).filter(({ users }) => users > 0);
  const control = { variant: 'control', users: 1, crossed: 0, y: 0, yy: 0, p: 0, pp: 0, py: 0 };
  const short = { variant: 'short', users: 1, pp: before.p ** 2 };
  expect(await told()).toEqual([control, { ...short, crossed: 0, ...before }]);
  for (const month of ['event_2026_05', 'event_2026_06']) {
    await client.query(`ALTER TABLE admin_center.event DETACH PARTITION admin_center.${month}`);
    await client.query(`DROP TABLE admin_center.${month}`);
  }
  try {
    await arrive(bought(35), bought(35.5), shown(flag, person, 36, 'control'));
    expect(await told()).toEqual([control, { ...short, crossed: 1, ...after }]);
    // Erasure takes out what the stream does not show any more, too.
    await client.query('SELECT admin_center.take_out_exposures($1)', [[person]]);
    expect(await told()).toEqual([control]);
  } finally {
    await client.query("SELECT admin_center.ensure_event_partitions('2026-05-01', '2026-07-31')");
  }
});
