// A real PostgreSQL for machines that have none: made, started, adopted after a crash and stopped by this supervisor.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { childOptions, initialise, lastLines, logFile, OWNER, ownerPassword } from './cluster.ts';
import { endPostmaster, findPostmaster, isPostmaster } from './postmaster.ts';
import { preparePlace, type Place } from './unprivileged.ts';

/** A server that was just killed may hold its port and shared memory for a moment. */
const RETRY_MS = 5_000;
/** Recovery after a crash replays the write-ahead log before it accepts connections. */
const READY_MS = 120_000;

export interface EmbeddedOptions {
  /** Holds the cluster, the owner's password and the server's log. */
  readonly dataDir: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** Made when it is not there. */
  readonly database?: string;
  /** False trades safety after a power cut for speed; for tests. */
  readonly durable?: boolean;
  /** Of the server, over those it has here; for benchmarks. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives one line per step. */
  readonly log?: (line: string) => void;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface EmbeddedPostgres {
  /** Connects as the owner (a superuser), password included. */
  readonly url: string;
  readonly pid: number;
  /** True when the server was already running on this data. */
  readonly adopted: boolean;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** @throws Error with the end of the server's log when it does not come up */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const place = await preparePlace(path.resolve(options.dataDir), options.environment ?? process.env);
  const cluster = path.join(place.home, 'cluster');
  await initialise(place, cluster, log);
  const url = (database: string) => `postgresql://${OWNER}:${ownerPassword(place)}@127.0.0.1:${options.port}/${database}`;
  const database = options.database ?? 'acme';

  for (const deadline = Date.now() + RETRY_MS; ; await delay(250)) {
    const running = findPostmaster(cluster);
    if (running !== null && running.port !== options.port) {
      log(`ending the PostgreSQL that still runs on port ${running.port} (process ${running.pid})`);
      await endPostmaster(running.pid, cluster);
      continue;
    }
    if (running === null && (await isTaken(options.port))) {
      if (Date.now() > deadline) {
        throw new Error(`Port ${options.port} on 127.0.0.1 is in use by another program. End that one, or choose another port for PostgreSQL.`);
      }
      continue;
    }
    const pid = running?.pid ?? (await launch(place, cluster, options));
    log(running === null ? `PostgreSQL starts on 127.0.0.1:${options.port}` : `adopting the PostgreSQL that still runs (process ${pid})`);
    if (await acceptsConnections(url('postgres'), () => isPostmaster(pid, cluster))) {
      // Of two starts at once the loser's process leaves when it finds the cluster locked, and the winner's is the one that answered.
      const serving = findPostmaster(cluster);
      if (serving?.pid !== pid) {
        continue;
      }
      await ensureDatabase(url('postgres'), database);
      return { url: url(database), pid, adopted: running !== null, stop: () => endPostmaster(pid, cluster) };
    }
    if (Date.now() > deadline) {
      throw new Error(`PostgreSQL does not start. The end of ${logFile(place)}:\n${lastLines(place)}`);
    }
  }
}

/** Starts the server in a session of its own: Ctrl-C in the terminal must not end it before the services that use it. */
async function launch(place: Place, cluster: string, options: EmbeddedOptions): Promise<number> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    track_io_timing: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.durable === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  await writeFile(logFile(place), '', { flag: 'a' });
  await truncate(logFile(place), 0);
  const output = openSync(logFile(place), 'a');
  const child = spawn(
    path.join(place.binaries, 'postgres'),
    ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...childOptions(place), detached: true, stdio: ['ignore', output, output] },
  );
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject)).finally(() => closeSync(output));
  child.unref();
  return child.pid as number;
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}

/** @returns false when the server ended before it accepted a connection */
async function acceptsConnections(url: string, alive: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + READY_MS; alive() && Date.now() < deadline; await delay(40)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') {
        throw new Error('The embedded PostgreSQL does not accept the password kept beside its data. Remove the data directory to start afresh.');
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return false;
}

async function ensureDatabase(url: string, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    }
  } finally {
    await client.end();
  }
}
