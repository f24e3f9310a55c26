import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createExposition } from './exposition.ts';
import { type Answered, createExporterServer } from './server.ts';

const unzip = promisify(gunzip);
const exposition = createExposition();
const answers: Answered[] = [];
let reasons: readonly string[] = [];
const server = createExporterServer({ exposition, notReady: () => reasons, answered: (answer) => answers.push(answer) });
let port: number;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

/** Not fetch: it would decompress and hide what was sent. */
function ask(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('/metrics', () => {
  test('is 503 before there is anything', async () => {
    expect(await ask('/metrics')).toMatchObject({ status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });

  test('is the published text, plain or compressed as asked for', async () => {
    await exposition.publish('thing 1\n');
    const plain = await ask('/metrics');
    expect(plain).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'content-length': '8', vary: 'Accept-Encoding' } });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.body.toString()).toBe('thing 1\n');

    const compressed = await ask('/metrics', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect((await unzip(compressed.body)).toString()).toBe('thing 1\n');
  });

  test.each([
    ['gzip, deflate', true], ['deflate, GZIP;q=0.5', true], ['*', true], ['gzip;q=0', false], ['*;q=1, gzip;q=0', false], ['identity', false], ['xgzip', false],
  ])('understands Accept-Encoding: %s', async (accept, zipped) => {
    expect((await ask('/metrics', { headers: { 'Accept-Encoding': accept } })).headers['content-encoding']).toBe(zipped ? 'gzip' : undefined);
  });

  test('answers HEAD with the headers alone', async () => {
    const { status, headers, body } = await ask('/metrics?x=1', { method: 'HEAD' });
    expect({ status, length: headers['content-length'], bytes: body.length }).toEqual({ status: 200, length: '8', bytes: 0 });
  });

  test('gives every scraper one whole text, while texts change', async () => {
    const text = (number: number): string => `${`thing ${number}\n`.repeat(2_000)}`;
    const publishing = (async () => {
      for (let number = 1; number <= 30; number++) {
        await exposition.publish(text(number));
      }
    })();
    const scrapes = await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const { headers, body } = await ask('/metrics', index % 2 === 0 ? {} : { headers: { 'Accept-Encoding': 'gzip' } });
      return (headers['content-encoding'] === 'gzip' ? await unzip(body) : body).toString();
    }));
    await publishing;
    for (const scraped of scrapes) {
      const [first = ''] = scraped.split('\n');
      expect(scraped === 'thing 1\n' || scraped === `${first}\n`.repeat(2_000)).toBe(true);
    }
    expect((await ask('/metrics')).body.toString()).toBe(text(30));
  });
});

describe('the rest', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405', async (method) => {
    expect(await ask('/metrics', { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  test.each(['/', '/metrics/', '/healthz/x', '//metrics'])('%s is 404', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test('/healthz is alive whatever is missing; /readyz says what is', async () => {
    reasons = ['The database is away: connect ECONNREFUSED', 'Collector users has not succeeded yet'];
    expect((await ask('/healthz')).status).toBe(200);
    const { status, body } = await ask('/readyz');
    expect({ status, body: body.toString() }).toEqual({ status: 503, body: 'The database is away: connect ECONNREFUSED\nCollector users has not succeeded yet\n' });
    reasons = [];
    expect((await ask('/readyz')).status).toBe(200);
  });

  test('every answer is told, with its route and not its path', async () => {
    answers.length = 0;
    await ask('/readyz?user=42');
    await ask('/who/42', { method: 'DELETE' });
    expect(answers).toMatchObject([{ method: 'GET', route: '/readyz', status: 200 }, { method: 'DELETE', route: undefined, status: 404 }]);
  });
});
