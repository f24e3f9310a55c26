// What hosts are told: at once on every replica, signed, and for as long as nothing changes not again.
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { environmentOf, startTestApi, type TestApi } from '../../../test/api.ts';
import { makeTestKey } from '../../../test/keys.ts';
import { makeFlag } from '../../../test/make-flag.ts';
import { type ApiProcess, eventually, startProcess } from '../../../test/process.ts';
import { createDatabase } from '../database.ts';
import { livePart } from './live-part.ts';

let api: TestApi;
let key: string;
let directory: string;
const replicas: ApiProcess[] = [];

beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'super@acme.example' });
  directory = await mkdtemp(path.join(tmpdir(), 'admin-center-policy-'));
  const environment = environmentOf(api.db, api.issuer, directory, { API_ROLES: 'ingest' });
  replicas.push(...(await Promise.all([startProcess(environment), startProcess(environment)])));
  key = (await makeTestKey(api)).secret;
  for (const { baseUrl } of replicas) {
    await eventually(() => ask(baseUrl), ({ status }) => status === 200);
  }
}, 60_000);
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.end('SIGTERM')));
  await Promise.all([api.close(), rm(directory, { recursive: true, force: true })]);
}, 60_000);

interface Asked {
  readonly etag?: string;
  readonly wait?: number | string;
  readonly nonce?: string;
  readonly signal?: AbortSignal;
}
const ask = async (base: string, { etag, wait = 0, nonce, signal }: Asked = {}) => {
  const response = await fetch(`${base}/sdk/v1/policy?wait=${wait}`, {
    headers: { authorization: `Bearer ${key}`, ...(etag === undefined ? {} : { 'if-none-match': etag }), ...(nonce === undefined ? {} : { 'x-admin-center-nonce': nonce }) },
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: response.status, text: await response.text(), etag: response.headers.get('etag') ?? '', signature: response.headers.get('x-admin-center-signature') };
};

describe('the policy', () => {
  test('holds all parts, and is the same on every replica', async () => {
    const answers = await Promise.all(replicas.map(({ baseUrl }) => ask(baseUrl)));
    expect(Object.keys(JSON.parse(answers[0]?.text ?? '') as object).toSorted()).toEqual(['flags', 'impersonation', 'sessions']);
    expect(answers[0]?.etag).toBe(answers[1]?.etag);
  });

  test('is signed with the key it was asked for with, over nonce, ETag and body', async () => {
    const [{ baseUrl = '' } = {}] = replicas;
    const nonce = randomUUID();
    const whole = await ask(baseUrl, { nonce });
    const expected = (etag: string, body: string): string => createHmac('sha256', key).update(`${nonce}\n${etag}\n${body}`).digest('hex');
    expect(whole.signature).toBe(expected(whole.etag, whole.text));
    const unchanged = await ask(baseUrl, { nonce, etag: whole.etag });
    expect(unchanged).toMatchObject({ status: 304, text: '', signature: expected(whole.etag, '') });
  });

  test('wakes who waits, on both replicas, within a second of the commit', async () => {
    const { etag } = await ask(replicas[0]?.baseUrl ?? '');
    const waiting = replicas.map(async ({ baseUrl }) => {
      const answer = await ask(baseUrl, { etag, wait: 20 });
      return { ...answer, at: performance.now() };
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await makeFlag(api.db.pool, 'on');
    const committed = performance.now();
    for (const answer of await Promise.all(waiting)) {
      expect(answer.status).toBe(200);
      expect(answer.at - committed).toBeLessThan(1_000);
    }
  });

  test('answers 304 when the wait is over and nothing has changed', async () => {
    const { etag } = await ask(replicas[0]?.baseUrl ?? '');
    const begun = performance.now();
    expect(await ask(replicas[0]?.baseUrl ?? '', { etag, wait: 1 })).toMatchObject({ status: 304 });
    expect(performance.now() - begun).toBeGreaterThan(950);
  });

  test.each(['26', '-1', '1.5', 'long', '1&wait=2'])('refuses to wait %s', async (wait) => {
    expect(await ask(replicas[0]?.baseUrl ?? '', { wait })).toMatchObject({ status: 400 });
  });

  test('follows changes also after the listening connection was cut', async () => {
    const [{ baseUrl = '' } = {}] = replicas;
    const { etag } = await ask(baseUrl);
    await api.db.pool.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'admin-center-policy'");
    await makeFlag(api.db.pool, 'on');
    expect(await eventually(() => ask(baseUrl), (answer) => answer.etag !== etag, 5_000)).toMatchObject({ status: 200 });
    const next = await ask(baseUrl);
    await makeFlag(api.db.pool, 'on');
    await eventually(() => ask(baseUrl), (answer) => answer.etag !== next.etag, 1_000);
  });

  test('does not keep a process that is asked to end waiting', async () => {
    const ending = await startProcess(environmentOf(api.db, api.issuer, directory, { API_ROLES: 'ingest' }));
    const { etag } = await ask(ending.baseUrl);
    const waiting = ask(ending.baseUrl, { etag, wait: 25 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const begun = performance.now();
    expect(await ending.end('SIGTERM')).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await waiting).toMatchObject({ status: 304 });
  });
});

describe('a part in memory', () => {
  test('keeps what it knew when it cannot be read, and reads once more for calls during a read', async () => {
    const pool = createPool({ connectionString: api.db.apiUrl, applicationName: 'test-part', max: 1 });
    let reads = 0;
    let content: string | Error = 'first';
    let release = (): void => undefined;
    const part = livePart(createDatabase(pool), {
      name: 'test',
      async read() {
        reads += 1;
        const now = content;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        if (now instanceof Error) {
          throw now;
        }
        return now;
      },
    }, createLogger('test', 'silent'));
    expect(() => part.current()).toThrow(expect.objectContaining({ status: 503 }));
    const first = part.refresh();
    content = 'second';
    const later = Promise.all([part.refresh(), part.refresh(), part.refresh()]);
    release();
    await first;
    expect(part.current()).toBe('first');
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await later;
    expect([part.current(), reads]).toEqual(['second', 2]);
    content = new Error('away');
    const failing = part.refresh();
    release();
    await expect(failing).rejects.toThrow('away');
    expect(part.current()).toBe('second');
    await pool.end();
  });
});
