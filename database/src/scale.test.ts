// No constraint and no query of ours stands in the way of distributing the stream as docs/scale.md says. What Citus refuses
// was found out on Citus itself; the rules that came of it are checked here.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSqlFiles } from './sql-files.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const page = await readFile(path.join(ROOT, 'docs/scale.md'), 'utf8');
/** Table and column, as the commands of the page have it. */
const distributed = [...page.matchAll(/create_distributed_table\('admin_center\.(\w+)', '(\w+)'/g)].map(([, table = '', column = '']) => ({ table, column }));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const column = async (sql: string, values: readonly unknown[] = []): Promise<unknown[]> => (await database.pool.query({ text: sql, values: [...values], rowMode: 'array' })).rows.flat();

test('the page distributes the stream by person', () => {
  expect(distributed).toEqual([{ table: 'event', column: 'person_id' }]);
});

describe.each(distributed)('$table by $column', ({ table, column: key }) => {
  const oid = `admin_center.${table}`;

  test('has the column, and in each unique key', async () => {
    expect(await column('SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND attnotnull', [oid, key])).toEqual(['uuid']);
    const without = await column(
      `SELECT i.indexrelid::regclass::text FROM pg_index i
       WHERE i.indrelid = $1::regclass AND (i.indisunique OR i.indisexclusion)
         AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = $2 AND a.attnum = ANY(i.indkey))`, [oid, key]);
    expect(without).toEqual([]);
  });

  test('has neither foreign keys, nor to it, nor triggers, nor numbers of its own', async () => {
    expect(await column("SELECT conname FROM pg_constraint WHERE contype = 'f' AND (conrelid = $1::regclass OR confrelid = $1::regclass)", [oid])).toEqual([]);
    expect(await column('SELECT tgname FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal', [oid])).toEqual([]);
    expect(await column(
      `SELECT a.attname FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE a.attrelid = $1::regclass AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval%')`, [oid])).toEqual([]);
  });

  test('is read by no view: Citus looks through views with the rights of who asks', async () => {
    expect(await column("SELECT r.ev_class::regclass::text FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = $1::regclass", [oid])).toEqual([]);
  });
});

test('the stream has no default partition', async () => {
  expect(await column("SELECT partdefid::integer FROM pg_partitioned_table WHERE partrelid = 'admin_center.event'::regclass")).toEqual([0]);
});

describe('what reads the stream', () => {
  const STREAM = /\b(?:FROM|JOIN|INTO|USING|UPDATE)\s+(?:admin_center\.)?event\b(?!\s*AS\s*\()/;
  const statements = async () => (await readSqlFiles(path.join(ROOT, 'database/rollups'))).flatMap(({ name, text }) =>
    text.replaceAll(/--.*/g, '').split(/;|\$\$/).filter((statement) => /admin_center\.event\b|\bFROM event e\b/.test(statement)).map((statement) => ({ name, statement })));

  test('are functions in PL/pgSQL: the planner of Citus wants values, which SQL functions and generic plans withhold', async () => {
    const { rows } = await database.pool.query<{ name: string; source: string; language: string; generic: boolean }>(
      `SELECT p.proname AS name, p.prosrc AS source, l.lanname AS language, 'plan_cache_mode=force_generic_plan' = ANY(coalesce(p.proconfig, '{}')) AS generic
       FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'admin_center'::regnamespace`);
    const readers = rows.filter(({ source }) => STREAM.test(source));
    expect(readers.map(({ name }) => name)).toEqual(expect.arrayContaining(['read_event_batch', 'cut_island', 'funnel_entries_of', 'take_out_counts', 'settle_exposures']));
    expect(readers.filter(({ language }) => language !== 'plpgsql').map(({ name }) => name)).toEqual([]);
    expect(readers.filter(({ generic, source }) => generic && !source.includes('is_on_citus()')).map(({ name }) => name)).toEqual([]);
  });

  test('joins it with a list of its own, never with a table or row by row', async () => {
    const found = await statements();
    expect(found.length).toBeGreaterThan(8);
    const refused = found.filter(({ statement }) => /FROM admin_center\.(?!event\b)\w+[^();]*\bJOIN admin_center\.event\b/.test(statement) || /LATERAL \((?:[^()]|\([^()]*\))*\b(?:FROM|JOIN) (?:admin_center\.)?event\b/.test(statement));
    expect(refused).toEqual([]);
  });

  test('never changes a row: whose it is cannot be changed', async () => {
    expect((await statements()).filter(({ statement }) => /UPDATE (?:admin_center\.)?event\b/.test(statement))).toEqual([]);
  });

  test('names no view beside it, where the API asks', async () => {
    const views = new Set(await column("SELECT relname FROM pg_class WHERE relnamespace = 'admin_center'::regnamespace AND relkind = 'v'"));
    for (const file of ['platform/events/statement.ts', 'platform/mirror/mirror.ts', 'capabilities/engagement/erasure.ts', 'capabilities/engagement/definitions.ts', 'capabilities/engagement/retention-stream.ts']) {
      const source = await readFile(path.join(ROOT, 'actions-api/src', file), 'utf8');
      const asked = source.split('`').filter((piece) => /admin_center\.event\b/.test(piece));
      expect([file, asked.length > 0]).toEqual([file, true]);
      expect([file, asked.flatMap((piece) => [...piece.matchAll(/admin_center\.(\w+)/g)].map(([, name]) => name)).filter((name) => views.has(name))]).toEqual([file, []]);
    }
  });
});

describe('how far the stream is complete', () => {
  const horizon = async (): Promise<bigint> => BigInt((await column('SELECT admin_center.stream_horizon()::text'))[0] as string);

  test('is up to the oldest running transaction', async () => {
    const oldest = async (): Promise<bigint> => BigInt((await column('SELECT pg_snapshot_xmin(pg_current_snapshot())::text'))[0] as string);
    // Others of the cluster begin and end meanwhile.
    const before = await oldest();
    const found = await horizon();
    expect(found >= before && found <= (await oldest())).toBe(true);
  });

  test('on Citus is also before what a node has only prepared', async () => {
    const other = await createTestDatabase();
    const client = await other.pool.connect();
    try {
      const ask = async (): Promise<bigint> => BigInt((await client.query<{ at: string }>('SELECT admin_center.stream_horizon()::text AS at')).rows[0]?.at as string);
      // What Citus has, as far as it is asked.
      await client.query('SET allow_system_table_mods = on');
      await client.query(`
        CREATE FUNCTION pg_catalog.citus_version() RETURNS text LANGUAGE sql RETURN 'as tried';
        CREATE TABLE pg_catalog.pg_dist_transaction (groupid integer, gid text);
        CREATE TABLE public.node_answer (result text);
        CREATE FUNCTION pg_catalog.run_command_on_workers(command text) RETURNS TABLE (nodename text, nodeport integer, success boolean, result text) LANGUAGE sql BEGIN ATOMIC SELECT 'node-1', 5432, true, a.result FROM public.node_answer a; END;
        INSERT INTO public.node_answer VALUES ('{}'), ('{}')`);
      const { rows } = await client.query<{ id: string }>("INSERT INTO pg_dist_transaction VALUES (1, 'citus_0_1_1_1') RETURNING pg_current_xact_id()::text AS id");
      const written = BigInt(rows[0]?.id as string);
      await client.query("UPDATE public.node_answer SET result = '{citus_0_1_1_1,citus_0_9_9_9}'");
      // It is also before what else runs in the cluster, until that has ended.
      while ((await ask()) < written) {
        await delay(5);
      }
      expect(await ask()).toBe(written);
      await client.query("UPDATE public.node_answer SET result = '{}'");
      expect(await ask()).toBeGreaterThan(written);
    } finally {
      client.release();
      await other.close();
    }
    expect(await horizon()).toBeGreaterThan(0n);
  });
});
