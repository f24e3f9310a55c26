// jest's global setup: one PostgreSQL cluster for the whole run, on a free port, with its data in a temporary directory.
import { readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '../src/embedded.ts';
import { endPostmaster, findPostmaster } from '../src/postmaster.ts';

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

/** A port nobody listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
