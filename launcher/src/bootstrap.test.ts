// bootstrap.mjs on a checkout of its own, with an npm that only pretends: installs once, hands over, ends with its child.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inRoot } from './root.ts';

let checkout: string;

/** Notes each run, takes a moment, and leaves behind what npm leaves: its own lockfile, last. */
const NPM = `#!/bin/sh
echo run >> "$PWD/npm-runs"
sleep 0.5
mkdir -p node_modules/.bin
ln -sf "$REAL_NODE" node_modules/.bin/node
cp package-lock.json node_modules/.package-lock.json
`;

beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'admin-center-checkout-'));
  mkdirSync(path.join(checkout, 'launcher/src'), { recursive: true });
  mkdirSync(path.join(checkout, 'bin'));
  copyFileSync(inRoot('launcher/bootstrap.mjs'), path.join(checkout, 'launcher/bootstrap.mjs'));
  writeFileSync(path.join(checkout, 'bin/npm'), NPM);
  chmodSync(path.join(checkout, 'bin/npm'), 0o755);
  lock('1.0.0');
  command('check', 'console.log(`node ${process.argv.slice(2).join(" ")}`); process.exit(7);');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

function lock(version: string): void {
  writeFileSync(path.join(checkout, 'package-lock.json'), JSON.stringify({ packages: { '': {}, 'node_modules/left-pad': { version } } }));
}

function command(name: string, source: string): void {
  writeFileSync(path.join(checkout, `launcher/src/${name}.ts`), source);
}

const environment = () => ({ ...process.env, PATH: `${path.join(checkout, 'bin')}:${process.env['PATH'] ?? ''}`, REAL_NODE: process.execPath });
const installs = (): number => (existsSync(path.join(checkout, 'npm-runs')) ? readFileSync(path.join(checkout, 'npm-runs'), 'utf8').trim().split('\n').length : 0);

async function bootstrap(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [path.join(checkout, 'launcher/bootstrap.mjs'), ...args], { env: environment() }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

test('installs when something is missing, then hands over arguments and exit code', async () => {
  const first = await bootstrap('check', 'types');
  expect(first.stdout).toContain('Installing dependencies');
  expect(first.stdout).toContain('node types');
  expect(first.code).toBe(7);
  const second = await bootstrap('check');
  expect(second.stdout).not.toContain('Installing');
  expect(installs()).toBe(1);
  lock('1.0.1');
  await bootstrap('check');
  expect(installs()).toBe(2);
});

test('an install that was interrupted counts as none', async () => {
  mkdirSync(path.join(checkout, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, path.join(checkout, 'node_modules/.bin/node'));
  await bootstrap('check');
  expect(installs()).toBe(1);
});

test('two at once install once', async () => {
  const results = await Promise.all([bootstrap('check'), bootstrap('check'), bootstrap('check')]);
  expect(results.map(({ code }) => code)).toEqual([7, 7, 7]);
  expect(installs()).toBe(1);
  expect(existsSync(path.join(checkout, '.data/install.lock'))).toBe(false);
});

test('the lock of an install that was killed is taken over', async () => {
  mkdirSync(path.join(checkout, '.data'), { recursive: true });
  writeFileSync(path.join(checkout, '.data/install.lock'), String(2 ** 22 - 1));
  expect((await bootstrap('check')).code).toBe(7);
});

test('npm that fails and a command that is none are said so', async () => {
  expect((await bootstrap('fly')).stderr).toContain('Unknown command fly. There are: start, test');
  writeFileSync(path.join(checkout, 'bin/npm'), '#!/bin/sh\necho ECONNREFUSED >&2; exit 1\n');
  const failed = await bootstrap('check');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('npm ci failed');
});

test('stays until the child has ended after Ctrl-C', async () => {
  command('start', "process.on('SIGINT', () => setTimeout(() => { console.log('all down'); process.exit(0); }, 300)); console.log('up'); setInterval(() => {}, 1000);");
  const child = spawn(process.execPath, [path.join(checkout, 'launcher/bootstrap.mjs'), 'start'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  while (!output.includes('up\n')) {
    await delay(20);
  }
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number];
  expect(output).toContain('all down');
  expect(code).toBe(0);
});
