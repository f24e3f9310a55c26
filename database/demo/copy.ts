// Streams rows into a table with COPY: the fastest way in, and it keeps constraints and unique indexes.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { COLUMNS, type InsertOf, type TableName } from './tables.ts';

const CHUNK = 64 * 1024;

/** Compiles statements; never connects. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in COPY's text format. */
function field(value: unknown): string {
  if (value === null || value === undefined) {
    return '\\N';
  }
  const text = typeof value === 'string' ? value : String(value);
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!) : text;
}

function* chunks<Column extends string>(columns: readonly Column[], rows: Iterable<Readonly<Record<Column, unknown>>>, count: () => void): Generator<Buffer> {
  let chunk = Buffer.allocUnsafe(CHUNK);
  let length = 0;
  for (const row of rows) {
    let line = field(row[columns[0]!]);
    for (let index = 1; index < columns.length; index += 1) {
      line += `\t${field(row[columns[index]!])}`;
    }
    line += '\n';
    count();
    // A character takes three bytes of UTF-8 at most.
    if (length + line.length * 3 > CHUNK) {
      yield chunk.subarray(0, length);
      chunk = Buffer.allocUnsafe(Math.max(CHUNK, line.length * 3));
      length = 0;
    }
    length += chunk.write(line, length);
  }
  if (length > 0) {
    yield chunk.subarray(0, length);
  }
}

/** Into a table of the host. @returns how many rows went in */
export const copyRows = <Name extends TableName>(client: pg.ClientBase, table: Name, rows: Iterable<InsertOf<Name>>): Promise<number> =>
  copyInto(client, `public.${table}`, COLUMNS[table], rows as Iterable<Readonly<Record<string, unknown>>>);

/** @param table with its schema @returns how many rows went in */
export async function copyInto<Column extends string>(client: pg.ClientBase, table: string, columns: readonly Column[], rows: Iterable<Readonly<Record<Column, unknown>>>): Promise<number> {
  let written = 0;
  const statement = sql`COPY ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) FROM STDIN`.compile(compiler);
  const stream = client.query(copyFrom(statement.sql));
  const texts = chunks(columns, rows, () => {
    written += 1;
  });
  await pipeline(Readable.from(texts, { objectMode: true, highWaterMark: 4 }), stream);
  return written;
}
