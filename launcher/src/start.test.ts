// What a person sees of `npm start`: it comes up, says what is in the way, survives a kill, and leaves nothing behind.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, TEST_PASSWORDS, type TestDatabase } from '@admin-center/database/testing';
import { scratchFolder } from '../../database/testing/scratch.ts';
import { startOldPostgres } from './testing/old-postgres.ts';
import { scratchPorts, startProduct, type Started } from './testing/started.ts';

const LONG = 180_000;
const SMALL = { DEMO_USERS: '300', DEMO_DAYS: '40', HISTORY_DAYS: '20' };

let folder: string;
beforeAll(async () => {
  folder = await scratchFolder();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Processes of this machine whose command line or environment names the data directory. */
function processesOf(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return command !== '' && (command.includes(dataDir) || environment.includes(dataDir)) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

const get = async (url: string): Promise<number> => (await fetch(url, { redirect: 'manual' })).status;

describe('with the demo company', () => {
  let dataDir: string;
  let environment: Record<string, string>;
  let ports: Awaited<ReturnType<typeof scratchPorts>>;
  let product: Started;

  beforeAll(async () => {
    dataDir = path.join(folder, 'demo');
    ports = await scratchPorts();
    environment = { ...SMALL, ...ports, DATA_DIR: dataDir };
    product = startProduct(environment);
    await product.says('Ctrl-C stops everything.');
  }, LONG);
  afterAll(async () => {
    product.signal('SIGTERM');
    await product.ended;
  }, LONG);

  test('every part answers, and the people who may sign in are named', async () => {
    expect(await get(`http://127.0.0.1:${ports.UI_PORT}/healthz`)).toBe(200);
    expect(await get(`http://127.0.0.1:${ports.API_PORT}/readyz`)).toBe(200);
    expect(await get(`http://127.0.0.1:${ports.EXPORTER_PORT}/metrics`)).toBe(200);
    expect(await get(`http://127.0.0.1:${ports.PROMETHEUS_PORT}/-/ready`)).toBe(200);
    expect(await get(`http://127.0.0.1:${ports.ALERTMANAGER_PORT}/-/ready`)).toBe(200);
    expect(product.output()).toMatch(/Ada Okafor \(ada\)[\s\S]*Vic Chen \(vic\) {2}no role/);
  });

  test('the generated passwords are for their owner alone', () => {
    expect(statSync(path.join(dataDir, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  test('a second start on the same data is told about the first', async () => {
    const second = startProduct(environment);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${dataDir} (process ${product.pid})`);
  }, LONG);

  test('a start on ports that are taken says which part, which port, by whom and what to set', async () => {
    const second = startProduct({ ...environment, DATA_DIR: path.join(folder, 'second') });
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(new RegExp(`Port ${ports.UI_PORT} for the web interface is taken by .*node.* \\(process \\d+\\)\\. .*UI_PORT=`));
    expect(second.output()).toMatch(new RegExp(`Port ${ports.PROMETHEUS_PORT} for the Prometheus is taken by .*prometheus`));
    expect(processesOf(path.join(folder, 'second'))).toEqual([]);
  }, LONG);

  test('a part that is killed comes back', async () => {
    const { children } = JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as { children: { name: string; pid: number }[] };
    process.kill(children.find(({ name }) => name === 'exporter')?.pid ?? 0, 'SIGKILL');
    await product.says('exporter ended with signal SIGKILL; starting it again');
    while ((await get(`http://127.0.0.1:${ports.EXPORTER_PORT}/healthz`).catch(() => 0)) !== 200) {
      await delay(100);
    }
  }, LONG);

  test('after the launcher is killed the next start clears what is left and comes up on the same data', async () => {
    product.signal('SIGKILL');
    await product.ended;
    product = startProduct(environment);
    await product.says('Ctrl-C stops everything.');
    expect(product.output()).toContain('Ended prometheus, left behind');
    expect(product.output()).toContain('adopted the one that still ran');
    expect(product.output()).not.toContain('Demo company');
    expect(await get(`http://127.0.0.1:${ports.API_PORT}/readyz`)).toBe(200);
  }, LONG);

  test('Ctrl-C ends every part and leaves no process', async () => {
    product.signal('SIGINT');
    expect(await product.ended).toBe(0);
    expect(product.output()).toMatch(/Stopping …\nStopped in \d/);
    expect(processesOf(dataDir)).toEqual([]);
    expect(existsSync(path.join(dataDir, 'run.json'))).toBe(false);
  }, LONG);

  test('Ctrl-C while it starts leaves no process either', async () => {
    const early = startProduct(environment);
    await early.says('PostgreSQL on port');
    early.signal('SIGINT');
    expect(await early.ended).toBe(1);
    expect(processesOf(dataDir)).toEqual([]);
  }, LONG);
});

describe("with a host's own database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  }, LONG);
  afterAll(() => database.close());

  const start = async (name: string, url: string, more: Record<string, string> = {}): Promise<Started> => startProduct({ ...(await scratchPorts()), DATA_DIR: path.join(folder, name), DATABASE_URL: url, ...more });

  test('that does not answer: it says so and what to check', async () => {
    const product = await start('down', 'postgresql://owner:secret@127.0.0.1:9/host');
    expect(await product.ended).toBe(1);
    expect(product.output()).toMatch(/DATABASE_URL \(database host on 127\.0\.0\.1:9 as owner\) cannot be reached.*Check that PostgreSQL runs/);
    expect(product.output()).not.toContain('secret');
  }, LONG);

  test('that is too old: it says which version is needed', async () => {
    const old = await startOldPostgres();
    try {
      const product = await start('old', `postgresql://owner:secret@127.0.0.1:${(old.address() as AddressInfo).port}/host`);
      expect(await product.ended).toBe(1);
      expect(product.output()).toContain('PostgreSQL 14 is too old: version 15 or newer is needed.');
    } finally {
      old.close();
    }
  }, LONG);

  test('that is not one, or a port that is no number: every bad variable is named', async () => {
    const product = startProduct({ DATABASE_URL: 'mysql://host/db', UI_PORT: 'three thousand' });
    expect(await product.ended).toBe(1);
    expect(product.output()).toMatch(/DATABASE_URL: .*\n {2}UI_PORT: /);
  }, LONG);

  test('nobody with an admin role: it says whom to grant one', async () => {
    const product = await start('nobody', database.url);
    expect(await product.ended).toBe(1);
    expect(product.output()).toContain('Nobody has an admin role in this database');
  }, LONG);

  test('comes up on it even without Prometheus, and never with a demo row, the simulator or the demo host', async () => {
    await database.make.admin({ email: 'root+one@host.example', role: 'super_admin' });
    const before = await database.pool.query('SELECT count(*) AS users FROM public.users');
    const product = await start('host', database.url, { PATH: '/nowhere', INSTALL_PACKAGES: 'false' });
    await product.says('Ctrl-C stops everything.');
    expect(product.output()).toMatch(/! prometheus is not installed\. Graphs stay empty.*apt-get install prometheus/);
    expect(product.output()).not.toContain('Prometheus  ');
    expect(product.output()).toContain('(root-one@host.example)  may do everything');
    product.signal('SIGTERM');
    expect(await product.ended).toBe(0);
    expect((await database.pool.query('SELECT count(*) AS users FROM public.users')).rows).toEqual(before.rows);
    expect((await database.pool.query('SELECT FROM admin_center.project_key')).rowCount).toBe(0);
    expect(['simulator', 'demo-host'].filter((part) => existsSync(path.join(folder, 'host', 'logs', `${part}.log`)))).toEqual([]);
    expect(existsSync(path.join(folder, 'host', 'postgres'))).toBe(false);
  }, LONG);

  beforeAll(() => {
    // The roles belong to the cluster that all test files share.
    for (const name of ['nobody', 'host']) {
      mkdirSync(path.join(folder, name), { recursive: true });
      const credentials = { exporterPassword: TEST_PASSWORDS.exporter, apiPassword: TEST_PASSWORDS.api, actionsApiToken: 'a-token-that-is-long-enough-for-tests' };
      writeFileSync(path.join(folder, name, 'credentials.json'), JSON.stringify(credentials));
    }
  });
});
