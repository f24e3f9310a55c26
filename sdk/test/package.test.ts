// What is published works where nothing of ours is: packed, unpacked, and used by plain JavaScript with Express.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startWorld, type World } from './world.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const NAME = '@cloudtolocalllm/admin-center-sdk';

const HOST = `
import express from 'express';
import { adminCenter } from '${NAME}';

const app = express();
app.use((req, res, next) => { req.user = { id: req.get('x-user'), sessionId: 's' }; next(); });
const center = adminCenter({ url: process.env.API, key: process.env.KEY, reportEveryMs: 100 });
app.use(center.middleware());
app.get('/flag/:key', (req, res) => res.json({ value: center.flags.boolean(req.params.key, false, { targetingKey: req.user.id }), impersonation: req.adminCenter.impersonation }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', async () => { await center.close(); process.exit(0); });
`;

const TYPED = `
import express, { type Request } from 'express';
import { adminCenter, type AdminCenter } from '${NAME}';
import { evaluate } from '${NAME}/flags';
import type { RequestState } from '${NAME}/request-state';

const center: AdminCenter = adminCenter({ url: 'http://127.0.0.1', key: 'acp_', identify: (request) => ({ userId: String(request.headers['x-user']), sessionId: null }) });
const app = express();
app.use(center.middleware());
const text: string = center.flags.string('a', 'b', { targetingKey: 'c' });
export const state = (request: Request): RequestState | undefined => (request as Request & { adminCenter?: RequestState }).adminCenter;
export const answer = evaluate({ flags: {} }, text, {}).reason;
// @ts-expect-error a boolean flag has no text as its default
center.flags.boolean('a', 'b');
`;

let world: World;
let folder: string;
let host: ChildProcess | null = null;

beforeAll(async () => {
  [world, folder] = await Promise.all([startWorld(), mkdtemp(path.join(tmpdir(), 'admin-center-package-'))]);
  const { stdout: dist } = await run(process.execPath, [path.join(root, 'sdk/build.ts')]);
  const { stdout } = await run('npm', ['pack', dist.trim(), '--pack-destination', folder, '--json'], { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const modules = path.join(folder, 'node_modules');
  await mkdir(path.join(modules, NAME), { recursive: true });
  await run('tar', ['-xzf', path.join(folder, filename), '--strip-components=1', '-C', path.join(modules, NAME)]);
  await symlink(path.join(root, 'node_modules/express'), path.join(modules, 'express'));
  await symlink(path.join(root, 'node_modules/@types'), path.join(modules, '@types'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(folder, 'host.js'), HOST);
  await writeFile(path.join(folder, 'typed.ts'), TYPED);
}, 120_000);
afterAll(async () => {
  host?.kill('SIGKILL');
  await world.api.close();
  await rm(folder, { recursive: true, force: true });
});

test('the package needs nothing, and says under which licence it is', async () => {
  const manifest = JSON.parse(await readFile(path.join(folder, 'node_modules', NAME, 'package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest).toMatchObject({ name: NAME, license: 'Apache-2.0', engines: { node: '>=20' } });
  expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['dependencies', 'devDependencies', 'private', 'scripts']));
  await expect(readFile(path.join(folder, 'node_modules', NAME, 'LICENSE'), 'utf8')).resolves.toContain('Apache License');
});

describe('a host in plain JavaScript', () => {
  test('evaluates a flag, lets a suspended user in no more, and reports before it ends', async () => {
    const key = await world.makeFlag('on');
    const user = await world.api.db.make.user();
    await world.api.db.make.session(user.id);
    const child = spawn(process.execPath, ['host.js'], { cwd: folder, env: { PATH: process.env['PATH'], API: world.api.baseUrl, KEY: world.key }, stdio: ['ignore', 'pipe', 'inherit'] });
    host = child;
    const port = await new Promise<string>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/flag/${key}`, { headers: { 'x-user': user.id } });
      return { status: response.status, body: (await response.json()) as unknown };
    };
    expect(await eventually(ask, ({ body }) => (body as { value?: boolean }).value === true)).toEqual({ status: 200, body: { value: true, impersonation: null } });
    await world.suspend(user.id);
    await eventually(ask, ({ status }) => status === 401, 1_000);
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const { rows } = await world.api.db.pool.query("SELECT sum(evaluations)::int AS count FROM admin_center.flag_usage WHERE flag = $1 AND variant = 'on'", [key]);
    expect(rows[0].count).toBeGreaterThan(0);
  }, 30_000);
});

test('its types fit a host in TypeScript', async () => {
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck', 'false', 'typed.ts'];
  const outcome = await run(path.join(root, 'node_modules/.bin/tsc'), options, { cwd: folder }).then(() => '', (error: { stdout: string }) => error.stdout);
  // Only what is ours or uses it: the types of others have their own troubles.
  expect(outcome.split('\n').filter((line) => line.includes('admin-center-sdk') || line.startsWith('typed.ts'))).toEqual([]);
}, 60_000);
