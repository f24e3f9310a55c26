// Brings a database to the state this version needs. Run it as often as you like: a second run changes nothing.
// Order: checks → roles → migrations/*.sql → job queue → host adapter, views/*.sql, rollups/*.sql and rights, rebuilt whole →
// partitions of the stream → probes → user directory, paid spans and the index of the directory.
// Rights live in src/grants/*.sql and at the end of views/*.sql, never in migrations.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { hostAdapter } from '../hosts/cloudtolocalllm/adapter.ts';
import { rebuild } from './definitions.ts';
import { grantHostColumns } from './host-rights.ts';
import { installJobQueue } from './job-queue.ts';
import { checkDatabase, connectOwner } from './preflight.ts';
import { ensureRoles, type RolePasswords } from './roles.ts';
import { applyMigrations } from './schema-versions.ts';
import { ensureSearchExtension, ensureSearchIndex } from './search-index.ts';
import { readSqlFiles } from './sql-files.ts';

const WORKSPACE = fileURLToPath(new URL('..', import.meta.url));
const LOCK_WAIT_MS = 120_000;

export interface MigrateOptions {
  /** The owner: may create schemas in the database and, unless a DBA made ours, roles. */
  readonly databaseUrl: string;
  readonly passwords: RolePasswords;
  /** Receives one line per step; never a password. */
  readonly log?: (line: string) => void;
}

export interface Probe {
  readonly name: string;
  readonly kind: 'table' | 'column' | 'extension' | 'database';
  readonly found: boolean;
  readonly detail: string;
}

export interface MigrateResult {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
  /** What the host adapter found of the things a host may lack. */
  readonly probes: readonly Probe[];
}

/** @throws Error with one message that says what is missing and how to give it */
export async function migrate({ databaseUrl, passwords, log = () => undefined }: MigrateOptions): Promise<MigrateResult> {
  const client = await connectOwner(databaseUrl);
  try {
    await lockOutOthers(client);
    await checkDatabase(client, hostAdapter);
    await ensureRoles(client, databaseUrl, passwords);
    const applied = await applyMigrations(client, path.join(WORKSPACE, 'migrations'));
    log(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`);
    await installJobQueue(client, databaseUrl);
    await ensureSearchExtension(client);
    await rebuild(client, await readDefinitions());
    await grantHostColumns(client, hostAdapter.apiGrants);
    await ensureEventPartitions(client);
    const probes = await probeHost(client);
    log(`the host lacks ${probes.filter((probe) => !probe.found).map((probe) => probe.name).join(', ') || 'nothing'}`);
    await fillProjections(client, log);
    await ensureSearchIndex(client);
    return { applied, probes };
  } finally {
    await client.end();
  }
}

async function lockOutOthers(client: pg.ClientBase): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
  await client.query("SELECT pg_advisory_lock(hashtextextended('admin_center.migrate', 0))").catch((error: unknown) => {
    throw new Error(`Another migration has been running on this database for ${LOCK_WAIT_MS / 1000} s. Wait for it, or end it (pg_stat_activity, application_name admin-center-migrate).`, { cause: error });
  });
}

async function readDefinitions() {
  const files = await Promise.all(
    [path.join(hostAdapter.directory, 'functions'), path.join(hostAdapter.directory, 'views'), path.join(WORKSPACE, 'views'), path.join(WORKSPACE, 'rollups')].map(readSqlFiles),
  );
  return { files: files.flat(), grants: await readSqlFiles(path.join(WORKSPACE, 'src', 'grants')) };
}

/** Months of a past that is loaded at the start, and some ahead; the worker makes further ones. */
async function ensureEventPartitions(client: pg.ClientBase): Promise<void> {
  await client.query("SELECT admin_center.ensure_event_partitions((now() - interval '14 months')::date, (now() + interval '3 months')::date)");
}

async function probeHost(client: pg.ClientBase): Promise<Probe[]> {
  const { rows } = await client.query<Probe>(await readFile(path.join(hostAdapter.directory, 'probes.sql'), 'utf8'));
  await client.query(
    `WITH probe AS (SELECT * FROM jsonb_to_recordset($1) AS (name text, kind text, found boolean, detail text)),
     gone AS (DELETE FROM admin_center.host_probe p WHERE NOT EXISTS (SELECT FROM probe WHERE probe.name = p.name))
     INSERT INTO admin_center.host_probe (name, kind, found, detail, checked_at)
     SELECT name, kind, found, detail, now() FROM probe
     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, found = excluded.found, detail = excluded.detail, checked_at = excluded.checked_at`,
    [JSON.stringify(rows)],
  );
  return rows;
}

/** Whole the first time; later runs and the worker only follow changes. */
async function fillProjections(client: pg.ClientBase, log: (line: string) => void): Promise<void> {
  if ((await client.query('SELECT FROM admin_center.user_directory LIMIT 1')).rowCount === 0) {
    log('filling the user directory; with a million users this takes about a minute');
  }
  const { rows } = await client.query<{ changed: number }>('SELECT admin_center.refresh_user_directory() AS changed');
  const changed = rows[0]?.changed ?? 0;
  if (changed > 0) {
    log(`${changed} users written to the directory`);
    await client.query('ANALYZE admin_center.user_directory');
  }
  // Before the past is computed for Prometheus; the worker's first run would come too late for it.
  await client.query('SELECT admin_center.refresh_paid_spans()');
}
