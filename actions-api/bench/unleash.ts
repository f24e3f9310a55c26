// A peer for the benchmark of flags: an Unleash server (7.5, Apache-2.0) with as many flags, asked for all of them at once.
// It is no dependency of ours: UNLEASH_DIR names a folder in which `npm install unleash-server@7.5` was run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../database/testing/free-port.ts';

const ADMIN = '*:*.bench-admin-0123456789abcdef0123456789abcdef';
const FRONTEND = 'default:development.bench-frontend-0123456789abcdef0123456789';
/** Its frontend API reads the flags again this often. */
const REFRESH_MS = 1_000;

export interface Unleash {
  /** Evaluates every flag for the user in the body's `context`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param databaseUrl an empty database; Unleash makes its tables there */
export async function startUnleash(folder: string, databaseUrl: string, flags: number): Promise<Unleash> {
  const port = await freePort();
  const program = `
    const { start } = require('unleash-server');
    const token = (secret, type, environment, projects) => ({ secret, type, environment, projects, tokenName: type });
    start({
      databaseUrl: process.env.DATABASE_URL, db: { ssl: false }, server: { port: ${port}, host: '127.0.0.1' }, logLevel: 'error',
      versionCheck: { enable: false }, telemetry: false, frontendApi: { refreshIntervalInMs: ${REFRESH_MS} },
      authentication: { type: 'none', initApiTokens: [token('${ADMIN}', 'admin', '*', ['*']), token('${FRONTEND}', 'frontend', 'development', ['default'])] },
    });`;
  const child = spawn(process.execPath, ['--no-deprecation', '-e', program], { cwd: path.resolve(folder), env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl }, stdio: ['ignore', 'ignore', 'inherit'] });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
  };
  try {
    const base = `http://127.0.0.1:${port}`;
    await untilHealthy(base, child);
    await createFlags(base, flags);
    const target = { url: `${base}/api/frontend`, headers: { authorization: FRONTEND } };
    await untilServed(target, flags);
    return { ...target, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilHealthy(base: string, child: ChildProcess): Promise<void> {
  while ((await fetch(`${base}/health`).catch(() => null))?.ok !== true) {
    if (child.exitCode !== null) {
      throw new Error(`unleash-server ended with ${child.exitCode}. Is it installed in UNLEASH_DIR?`);
    }
    await delay(100);
  }
}

/** Half of the users get each flag, by their id. */
async function createFlags(base: string, flags: number): Promise<void> {
  const post = async (where: string, body: unknown): Promise<void> => {
    const response = await fetch(`${base}/api/admin/projects/default/features${where}`, { method: 'POST', headers: { authorization: ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) {
      throw new Error(`Unleash answers ${response.status} to ${where}: ${await response.text()}`);
    }
  };
  for (let index = 0; index < flags; index += 1) {
    const name = `flag-${index}`;
    await post('', { name, type: 'release' });
    await post(`/${name}/environments/development/strategies`, { name: 'flexibleRollout', parameters: { rollout: '50', stickiness: 'userId', groupId: name }, constraints: [] });
    await post(`/${name}/environments/development/on`, {});
  }
}

/** It leaves out what is not enabled for the user, so all are there only over several users. */
async function untilServed(target: { readonly url: string; readonly headers: Readonly<Record<string, string>> }, flags: number): Promise<void> {
  const seen = new Set<string>();
  for (let user = 0; seen.size < flags; user += 1) {
    const response = await fetch(target.url, { method: 'POST', headers: { ...target.headers, 'content-type': 'application/json' }, body: JSON.stringify({ context: { userId: `user-${user}` } }) });
    const { toggles } = (await response.json()) as { toggles: readonly { name: string }[] };
    toggles.forEach(({ name }) => seen.add(name));
    await delay(user % 20 === 0 ? REFRESH_MS : 0);
  }
}
