// jest's global setup: one PostgreSQL cluster for the whole run, on a free port, with its data in a temporary directory.
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../src/embedded.ts';
import { endPostmaster, findPostmaster } from '../src/postmaster.ts';
import { freePort } from './free-port.ts';

const PREFIX = 'admin-center-test-';

export default async function startCluster(): Promise<void> {
  await removeAbandoned();
  const dataDir = path.join(tmpdir(), `${PREFIX}${process.pid}`);
  const cluster = await startEmbeddedPostgres({ dataDir, port: await freePort(), database: 'postgres', durable: false });
  process.env['TEST_POSTGRES_URL'] = cluster.url;
  Object.assign(globalThis, {
    stopTestCluster: async () => {
      await cluster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
}

/** A run that was killed leaves its server behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length));
    if (isRunning(pid)) {
      continue;
    }
    const dataDir = path.join(tmpdir(), name);
    const abandoned = findPostmaster(path.join(dataDir, 'cluster'));
    if (abandoned !== null) {
      await endPostmaster(abandoned.pid, path.join(dataDir, 'cluster'));
    }
    await rm(dataDir, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
