// A PostgreSQL of its own, for benchmarks and for tests that stop one, with the product in as many databases as are wanted.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded.ts';
import { createHostSchema } from '../src/host-schema.ts';
import { migrate } from '../src/migrate.ts';
import { roleUrl } from '../src/roles.ts';
import { freePort } from './free-port.ts';

const PASSWORDS = { exporter: 'scratch-exporter-password', api: 'scratch-api-password' };

/** In the system's folder for temporary files, and open: as root, data below a closed one lies elsewhere and stays when it is removed. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'admin-center-scratch-'));
  await chmod(folder, 0o755);
  return folder;
}

export interface ScratchServer extends Pick<EmbeddedPostgres, 'pid'> {
  /** Connects as a superuser. */
  readonly url: string;
  /** For other files; gone in the end. */
  readonly folder: string;
}

export async function withScratchServer<T>(options: Pick<EmbeddedOptions, 'durable' | 'settings'>, work: (server: ScratchServer) => Promise<T>): Promise<T> {
  const folder = await scratchFolder();
  const { url, pid, stop } = await startEmbeddedPostgres({ ...options, dataDir: path.join(folder, 'postgres'), port: await freePort(), database: 'postgres' });
  try {
    return await work({ url, pid, folder });
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export interface ScratchProduct {
  /** As a superuser, as the actions API and as the exporter. */
  readonly url: string;
  readonly apiUrl: string;
  readonly exporterUrl: string;
}

/**
 * The host's schema and ours in a new database.
 * @param fill puts in what the host has already when we come
 */
export async function createProduct(serverUrl: string, database: string, fill?: (owner: pg.Client) => Promise<unknown>): Promise<ScratchProduct> {
  await connected(serverUrl, (admin) => admin.query(`CREATE DATABASE ${database}`));
  const at = new URL(serverUrl);
  at.pathname = `/${database}`;
  const url = at.href;
  await connected(url, async (owner) => {
    await createHostSchema(owner, { variant: 'full' });
    await fill?.(owner);
  });
  await migrate({ databaseUrl: url, passwords: PASSWORDS });
  return { url, apiUrl: roleUrl(url, 'api', PASSWORDS.api), exporterUrl: roleUrl(url, 'exporter', PASSWORDS.exporter) };
}

/** A connection for the time of some work. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
