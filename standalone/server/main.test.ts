// The program as a process: it says why it will not start, and ends in order.
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFixture, type Fixture } from './testing/fixture.ts';

const MAIN = path.resolve(import.meta.dirname, 'main.ts');

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.remove());

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

/** @param whenListening called once it answers, with a way to end it */
function run(
  environment: Record<string, string>,
  whenListening?: (end: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  const { pluginDist, hostDist, adminsFile, dataDir } = fixture;
  const { NODE_OPTIONS: _jestOnly, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...inherited,
      ACTIONS_API_TOKEN: 'secret',
      PORT: '0',
      PLUGIN_DIST: pluginDist,
      HOST_DIST: hostDist,
      ADMINS_FILE: adminsFile,
      DATA_DIR: dataDir,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('"listening"')) {
      whenListening?.((signal) => child.kill(signal));
    }
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, errors })));
}

describe('it does not start', () => {
  test.each([
    ['beyond loopback without saying so', { HOST: '0.0.0.0' }, 2, /STANDALONE_ALLOW_REMOTE=true/],
    ['without the shared secret', { ACTIONS_API_TOKEN: '' }, 2, /ACTIONS_API_TOKEN/],
    ['without a built plugin', { PLUGIN_DIST: '/nowhere' }, 2, /Build it first: npm run build -w grafana-plugin/],
    ['without its bundle', { HOST_DIST: '/nowhere' }, 2, /Build it first: node standalone\/build\.ts/],
    ['without anybody to sign in', { ADMINS_FILE: '/nowhere' }, 2, /ADMINS_FILE \/nowhere cannot be read/],
  ])('%s', async (_case, environment, code, reason) => {
    const ended = await run(environment);
    expect(ended.code).toBe(code);
    expect(ended.errors).toMatch(reason);
    expect(ended.errors).not.toMatch(/\n\s+at /);
  });

  test('on a port that is taken', async () => {
    const other = net.createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as net.AddressInfo;
    const ended = await run({ PORT: String(port) });
    await new Promise((resolve) => other.close(resolve));
    expect(ended).toEqual({
      code: 1,
      errors: `Port ${port} on 127.0.0.1 is taken. End what listens there or set PORT.\n`,
    });
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in order', async (signal) => {
  expect(await run({}, (end) => end(signal))).toEqual({ code: 0, errors: '' });
});
