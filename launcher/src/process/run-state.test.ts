// Who runs on a data directory, and what a killed launcher left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identify } from './identity.ts';
import { claimRun } from './run-state.ts';

let dataDir: string;
const processes: ChildProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'admin-center-run-'));
});
afterEach(() => {
  processes.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(dataDir, { recursive: true, force: true });
});

const stateFile = (): string => path.join(dataDir, 'run.json');
const state = (): { launcher: { pid: number }; children: { name: string; pid: number }[] } => JSON.parse(readFileSync(stateFile(), 'utf8')) as never;

async function idle(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  processes.push(child);
  await once(child, 'spawn');
  return child;
}

/** What a launcher that was killed leaves: its own entry and those of its children. */
function leaveBehind(launcher: { pid: number; identity: string }, children: { name: string; pid: number; identity: string }[]): void {
  writeFileSync(stateFile(), JSON.stringify({ launcher: { name: 'launcher', url: 'http://127.0.0.1:3000', ...launcher }, children }));
}

const gone = { pid: 2 ** 22 - 1, identity: 'a process that is gone' };

test('a second launcher on the same data is told about the first', async () => {
  const first = await claimRun(dataDir, 'http://127.0.0.1:3000', () => undefined);
  await expect(claimRun(dataDir, 'http://127.0.0.1:3001', () => undefined)).rejects.toThrow(`process ${process.pid}): http://127.0.0.1:3000`);
  first.release();
  const second = await claimRun(dataDir, 'http://127.0.0.1:3001', () => undefined);
  second.release();
});

test('children are kept while they run', async () => {
  const child = await idle();
  const run = await claimRun(dataDir, 'http://127.0.0.1:3000', () => undefined);
  run.started('exporter', child.pid ?? 0);
  expect(state().children).toMatchObject([{ name: 'exporter', pid: child.pid }]);
  run.ended(child.pid ?? 0);
  expect(state().children).toEqual([]);
  run.release();
});

test('what a killed launcher left is ended and named', async () => {
  const child = await idle();
  const ended = once(child, 'exit');
  leaveBehind(gone, [{ name: 'prometheus', pid: child.pid ?? 0, identity: identify(child.pid ?? 0) ?? '' }]);
  const names: string[] = [];
  const run = await claimRun(dataDir, 'http://127.0.0.1:3000', (name) => names.push(name));
  await ended;
  expect(names).toEqual(['prometheus']);
  expect(state().launcher.pid).toBe(process.pid);
  run.release();
});

test('another program that got the number of a dead child is left alone', async () => {
  const stranger = await idle();
  leaveBehind(gone, [{ name: 'exporter', pid: stranger.pid ?? 0, identity: '1 node exporter/src/main.ts' }]);
  const names: string[] = [];
  const run = await claimRun(dataDir, 'http://127.0.0.1:3000', (name) => names.push(name));
  expect(names).toEqual([]);
  expect(identify(stranger.pid ?? 0)).not.toBeNull();
  run.release();
});

test('a file that somebody broke does not stop the start', async () => {
  writeFileSync(stateFile(), '{ "launcher": ');
  const run = await claimRun(dataDir, 'http://127.0.0.1:3000', () => undefined);
  expect(state().launcher.pid).toBe(process.pid);
  run.release();
});

test('of two launchers at once one wins', async () => {
  const claims = await Promise.allSettled([claimRun(dataDir, 'http://127.0.0.1:1', () => undefined), claimRun(dataDir, 'http://127.0.0.1:2', () => undefined)]);
  expect(claims.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
