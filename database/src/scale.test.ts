// No constraint and no query of ours stands in the way of distributing the stream as docs/scale.md says.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSqlFiles } from './sql-files.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

const page = await readFile(path.join(ROOT, 'docs/scale.md'), 'utf8');
/** Table, column and whether it lies beside the stream, as the commands of the page have it. */
const distributed = [...page.matchAll(/create_distributed_table\('admin_center\.(\w+)', '(\w+)'(?:, colocate_with => '([\w.]+)')?/g)]
  .map(([, table = '', column = '', beside]) => ({ table, column, beside: beside !== 'none' }));
const references = [...page.matchAll(/create_reference_table\('admin_center\.(\w+)'/g)].map(([, table = '']) => table);
const besideTheStream = distributed.filter(({ beside }) => beside).map(({ table }) => table);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const column = async (sql: string, values: readonly unknown[] = []): Promise<unknown[]> => (await database.pool.query({ text: sql, values: [...values], rowMode: 'array' })).rows.flat();

test('the page leaves out no table that holds persons', async () => {
  const holding = await column(
    `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'admin_center'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname IN ('person_id', 'anonymous_id') ORDER BY 1`);
  expect(distributed.map(({ table }) => table).filter((table) => table !== 'event_receipt').toSorted()).toEqual(holding);
});

describe.each(distributed)('$table by $column', ({ table, column: key, beside }) => {
  const oid = `admin_center.${table}`;

  test('has the column, of the type that co-location wants', async () => {
    expect(await column('SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2 AND attnotnull', [oid, key])).toEqual(['uuid']);
    expect(beside).toBe(key === 'person_id');
  });

  test('has it in each unique key', async () => {
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
});

test('the stream has no default partition', async () => {
  expect(await column("SELECT partdefid::integer FROM pg_partitioned_table WHERE partrelid = 'admin_center.event'::regclass")).toEqual([0]);
});

test('reference tables have a primary key', async () => {
  expect(references.length).toBeGreaterThan(0);
  for (const table of references) {
    expect([table, await column("SELECT contype FROM pg_constraint WHERE contype = 'p' AND conrelid = $1::regclass", [`admin_center.${table}`])]).toEqual([table, ['p']]);
  }
});

describe('the rollups', () => {
  const statements = async () =>
    (await readSqlFiles(path.join(ROOT, 'database/rollups'))).flatMap(({ name, text }) => text.split(';').map((statement) => ({ name, statement: statement.replaceAll(/--.*/g, '') })));

  test('never change whose a row is', async () => {
    const changed = (await statements()).filter(({ statement }) => distributed.some(({ table, column: key }) =>
      new RegExp(`UPDATE admin_center\\.${table}\\b[\\s\\S]*?\\bSET\\b[^=]*\\b${key}\\s*=`).test(statement) || new RegExp(`INTO admin_center\\.${table}\\b[\\s\\S]*DO UPDATE SET[^;]*\\b${key} =`).test(statement)));
    expect(changed).toEqual([]);
  });

  test('join what lies beside the stream by person', async () => {
    const apart = (await statements()).flatMap(({ name, statement }) => {
      const joined = [...statement.matchAll(/\bJOIN admin_center\.(\w+)(?: AS)?(?: (\w+))?/g)].filter(([, table = '']) => besideTheStream.includes(table));
      return joined.filter(([all, table, alias]) => {
        const known = alias === undefined || /^(ON|USING|WHERE)$/i.test(alias) ? table : alias;
        const rest = statement.slice(statement.indexOf(all));
        return !new RegExp(`\\b${known}\\.person_id\\s*=|=\\s*${known}\\.person_id\\b|USING \\([^)]*\\bperson_id`).test(rest);
      }).map(([all]) => `${name}: ${all}`);
    });
    expect(apart).toEqual([]);
  });
});
