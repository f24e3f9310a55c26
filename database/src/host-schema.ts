// Makes the host's own tables in an empty database, for tests and for the demo: columns, keys, checks, foreign keys and
// the triggers that keep updated_at, from the catalogue that was taken of the real schema.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { hostAdapter } from '../hosts/cloudtolocalllm/adapter.ts';

interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly notNull: boolean; readonly default: string | null }[];
  readonly primaryKey: string;
  readonly unique: readonly string[];
  readonly checks: readonly string[];
  readonly foreignKeys: readonly string[];
  readonly triggers: readonly string[];
}

export interface HostSchemaOptions {
  /** `full`: all 73 tables. `migrator`: the 70 that the host's own migrator makes. */
  readonly variant: 'full' | 'migrator';
  /** As in a live host that was fixed by hand: user_sessions has jwt_token_hash, and is_active is 0 or 1. */
  readonly fixedByHand?: boolean;
}

/** The host's audit triggers on e-mail and DNS tables are left out: they fail on every insert. */
export async function createHostSchema(client: pg.ClientBase | pg.Pool, options: HostSchemaOptions): Promise<void> {
  const tables = await readTables(options.variant);
  const statements = [
    'CREATE FUNCTION public.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$',
    ...tables.map(([name, table]) => createTable(name, table)),
    ...tables.flatMap(([name, table]) => table.foreignKeys.map((key) => addForeignKey(name, key))),
    ...tables.flatMap(([name, table]) =>
      table.triggers.filter((trigger) => trigger.includes('updated_at')).map((trigger) => `CREATE TRIGGER ${trigger} BEFORE UPDATE ON public.${name} FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column()`),
    ),
    ...(options.fixedByHand === true ? FIXES_BY_HAND : []),
  ];
  // One message is one transaction: all or nothing.
  await client.query(statements.join(';\n'));
}

const FIXES_BY_HAND = [
  'ALTER TABLE public.user_sessions ADD COLUMN jwt_token_hash text',
  'ALTER TABLE public.user_sessions ALTER COLUMN is_active DROP DEFAULT',
  'ALTER TABLE public.user_sessions ALTER COLUMN is_active TYPE integer USING is_active::integer',
  'ALTER TABLE public.user_sessions ALTER COLUMN is_active SET DEFAULT 1',
];

async function readTables(variant: HostSchemaOptions['variant']): Promise<[string, Table][]> {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(path.join(hostAdapter.directory, file), 'utf8'));
  const { main } = (await read('host-catalog.json')) as { main: Record<string, Table> };
  const variants = (await read('variants.json')) as Record<string, { without: string[] }>;
  return Object.entries(main).filter(([name]) => variants[variant]?.without.includes(name) !== true);
}

function createTable(name: string, table: Table): string {
  const columns = table.columns.map((column) => `"${column.name}" ${column.type}${column.notNull ? ' NOT NULL' : ''}${column.default === null ? '' : ` DEFAULT ${column.default}`}`);
  const constraints = [`PRIMARY KEY ${table.primaryKey}`, ...table.unique.map((list) => `UNIQUE ${list}`), ...table.checks.map((check) => `CHECK (${checkSql(check)})`)];
  return `CREATE TABLE public.${name} (${[...columns, ...constraints].join(', ')})`;
}

/** `tier in {free, premium}` in the catalogue; anything else is SQL already. */
function checkSql(check: string): string {
  const [, column, values] = /^(\w+) in \{(.+)\}$/.exec(check) ?? [];
  return column === undefined || values === undefined ? check : `${column} IN (${values.split(', ').map((value) => `'${value}'`).join(', ')})`;
}

/** `user_id -> users.id [cascade]` */
function addForeignKey(table: string, key: string): string {
  const [, column, target, targetColumn, action] = /^(\w+) -> (\w+)\.(\w+) \[([a-z ]+)\]$/.exec(key) ?? [];
  if (action === undefined) {
    throw new Error(`The host catalogue has a foreign key of ${table} that cannot be read: ${key}`);
  }
  return `ALTER TABLE public.${table} ADD FOREIGN KEY (${column}) REFERENCES public.${target} (${targetColumn}) ON DELETE ${action.toUpperCase()}`;
}
