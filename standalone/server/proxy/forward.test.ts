// Limits of the proxy: bodies, slow and absent upstreams, streams, callers who leave.
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startShell, type Shell } from '../testing/shell.ts';
import { startUpstream, type Handler, type Upstream } from '../testing/upstream.ts';

const PATH = '/api/plugin-proxy/acme-ops-app/users/1';
const LIMIT = 64 * 1024;

let handler: Handler | undefined;
let upstream: Upstream;
let shell: Shell;
beforeAll(async () => {
  upstream = await startUpstream((request, res, req) => (handler ?? (() => res.end()))(request, res, req));
  shell = await startShell({ apiUrl: upstream.url, limits: { upstreamTimeoutMs: 400, maxBodyBytes: LIMIT } });
});
afterEach(() => {
  handler = undefined;
});
afterAll(async () => {
  await shell.close();
  await upstream.close();
});

test('a body up to the limit passes', async () => {
  handler = ({ body }, res) => void res.end(String(body.length));
  expect((await shell.request(PATH, { method: 'POST', as: 'ada', body: 'x'.repeat(LIMIT) })).text).toBe(String(LIMIT));
});

test('a body that says it is larger is refused before a byte is forwarded', async () => {
  const before = upstream.received.length;
  const answer = await shell.request(PATH, { method: 'POST', as: 'ada', body: 'x'.repeat(LIMIT + 1) });
  expect(answer.status).toBe(413);
  expect(answer.json<{ message: string }>().message).toContain('64 KiB');
  expect(upstream.received.length).toBe(before);
});

test('a body of unknown length is cut off at the limit', async () => {
  const cookie = await shell.signIn('ada');
  const before = upstream.received.length;
  const status = await new Promise<number | string>((resolve) => {
    const req = http.request(
      {
        host: '127.0.0.1',
        port: shell.port,
        path: PATH,
        method: 'POST',
        headers: { cookie, 'transfer-encoding': 'chunked' },
      },
      (res) => resolve(res.statusCode ?? 0),
    );
    req.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    for (let sent = 0; sent <= LIMIT * 2; sent += 8192) {
      req.write('x'.repeat(8192));
    }
    req.end();
  });
  expect([413, 'EPIPE', 'ECONNRESET']).toContain(status);
  expect(upstream.received.length).toBe(before);
});

test('an upstream that does not answer in time is 504, and is let go', async () => {
  let closed = false;
  handler = (_request, res) => void res.on('close', () => (closed = true));
  const answer = await shell.request(PATH, { as: 'ada' });
  expect(answer.status).toBe(504);
  expect(answer.json<{ message: string }>().message).toMatch(/did not answer within 0\.4 s/);
  await wait(50);
  expect(closed).toBe(true);
});

test('an upstream that has answered may take longer than that to finish', async () => {
  handler = (_request, res) => {
    res.write('begin ');
    setTimeout(() => res.end('end'), 700);
  };
  expect((await shell.request(PATH, { as: 'ada' })).text).toBe('begin end');
});

test('an upstream that is not there is 502, and says where it was looked for', async () => {
  const lonely = await startShell();
  const answer = await lonely.request(PATH, { as: 'ada' });
  expect(answer.status).toBe(502);
  expect(answer.json<{ message: string }>().message).toContain('127.0.0.1:9');
  await lonely.close();
});

test('an upstream that breaks off in the middle breaks the answer off too', async () => {
  handler = (_request, res) => {
    res.writeHead(200, { 'content-length': '1000' });
    res.write('half');
    setTimeout(() => res.destroy(), 50);
  };
  await expect(shell.request(PATH, { as: 'ada' })).rejects.toThrow(/aborted|socket hang up|ECONNRESET/);
});

test('events arrive one by one, not when the stream ends', async () => {
  const cookie = await shell.signIn('ada');
  let finish: (() => void) | undefined;
  handler = (_request, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: 1\n\n');
    finish = () => res.end('data: 2\n\n');
  };
  const received = await new Promise<string[]>((resolve) => {
    const parts: string[] = [];
    http.get(
      {
        host: '127.0.0.1',
        port: shell.port,
        path: PATH,
        headers: { cookie, accept: 'text/event-stream', 'accept-encoding': 'gzip, br' },
      },
      (res) => {
        res.on('data', (chunk: Buffer) => {
          parts.push(chunk.toString());
          finish?.();
          finish = undefined;
        });
        res.on('end', () => resolve(parts));
      },
    );
  });
  expect(received).toEqual(['data: 1\n\n', 'data: 2\n\n']);
});

test('when the browser leaves, the API is told', async () => {
  const cookie = await shell.signIn('ada');
  const left = new Promise<void>((resolve) => {
    handler = (_request, res) => void res.on('close', resolve);
  });
  const req = http.get({ host: '127.0.0.1', port: shell.port, path: PATH, headers: { cookie } });
  req.on('error', () => undefined);
  await wait(100);
  req.destroy();
  await expect(left).resolves.toBeUndefined();
});
