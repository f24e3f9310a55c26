// Parts that crash are started again; parts whose launcher is gone end by themselves.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inRoot } from '../root.ts';
import { beginLog, lastLines, logFile, startChild } from './child.ts';
import { identify } from './identity.ts';
import { waitUntilReady } from './ready.ts';
import { supervise, type Watcher } from './supervise.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'admin-center-parts-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const shell = (script: string) => ({ name: 'part', program: { command: '/bin/sh' }, args: ['-c', script], env: {} });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await delay(20);
  }
}

function watcher(): Watcher & { readonly lines: string[]; readonly pids: number[] } {
  const lines: string[] = [];
  const pids: number[] = [];
  return { lines, pids, say: (line) => lines.push(line), started: (_name, pid) => pids.push(pid), ended: () => undefined };
}

describe('a supervised part', () => {
  test('is started again when it crashes, and it is said so with the place of its log', async () => {
    const seen = watcher();
    const part = supervise(shell('echo going down; exit 3'), dataDir, seen);
    await until(() => seen.pids.length === 2);
    expect(seen.lines[0]).toContain('part ended with code 3; starting it again in 1 s');
    expect(seen.lines[0]).toContain(logFile(dataDir, 'part'));
    await part.stop();
    expect(lastLines(dataDir, 'part')).toContain('going down');
  });

  test('is ended by stop, and not started again', async () => {
    const seen = watcher();
    const part = supervise(shell('sleep 60'), dataDir, seen);
    await part.stop();
    await delay(100);
    expect(identify(part.child().pid)).toBeNull();
    expect(seen.pids).toHaveLength(1);
    expect(seen.lines).toEqual([]);
  });

  test('that cannot be started at all is said so, and stops', async () => {
    const seen = watcher();
    const part = supervise({ name: 'part', program: { command: '/no/such/program' }, env: {} }, dataDir, seen);
    await until(() => seen.lines.length === 1);
    expect(seen.lines[0]).toContain('ENOENT');
    await part.stop();
  });

  test('gets the variables of its spec and never the owner of the database', async () => {
    process.env['DATABASE_URL'] = 'postgresql://owner:secret@127.0.0.1/host';
    const child = (beginLog(dataDir, 'part'), startChild({ ...shell('echo "[$DATABASE_URL|$PORT]"'), env: { PORT: '9464' } }, dataDir));
    delete process.env['DATABASE_URL'];
    await child.ended;
    expect(lastLines(dataDir, 'part')).toContain('[|9464]');
  });
});

test('a part that ends while it starts is reported with the end of its log', async () => {
  beginLog(dataDir, 'part');
  const child = startChild(shell('echo cannot read the configuration; exit 2'), dataDir);
  await expect(waitUntilReady({ name: 'part', child: () => child, url: 'http://127.0.0.1:9/healthz', dataDir })).rejects.toThrow(/ended with code 2[\s\S]*cannot read the configuration/);
});

test('a part that never gets ready is reported with what it answered', async () => {
  const child = startChild(shell('sleep 60'), (beginLog(dataDir, 'part'), dataDir));
  await expect(waitUntilReady({ name: 'part', child: () => child, url: 'http://127.0.0.1:9/healthz', dataDir, timeoutMs: 200 })).rejects.toThrow('http://127.0.0.1:9/healthz does not answer');
  await child.stop();
});

test('a Node part ends by itself when its launcher is killed', async () => {
  const note = path.join(dataDir, 'pid');
  const launcher = spawn(
    process.execPath,
    [
      '--input-type=module-typescript',
      '-e',
      `import { writeFileSync } from 'node:fs';
       import { beginLog, startChild } from ${JSON.stringify(inRoot('launcher/src/process/child.ts'))};
       beginLog(${JSON.stringify(dataDir)}, 'part');
       const child = startChild({ name: 'part', program: { script: 'launcher/src/process/idle.fixture.ts' }, env: {} }, ${JSON.stringify(dataDir)});
       writeFileSync(${JSON.stringify(note)}, String(child.pid));
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: 'ignore' },
  );
  await until(() => existsSync(note) && lastLines(dataDir, 'part').includes('idle'));
  const pid = Number(readFileSync(note, 'utf8'));
  expect(identify(pid)).not.toBeNull();
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
  await until(() => identify(pid) === null);
});
