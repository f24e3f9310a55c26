// The server's end: running requests are answered, and nobody who only holds a connection delays it.
import net from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { listen } from './server.ts';

test('does not wait for a connection that was opened and never used', async () => {
  const server = await listen((_request, response) => void response.end('ok'), '127.0.0.1', 0);
  const unused = net.connect(server.port, '127.0.0.1');
  await once(unused, 'connect');
  await delay(50);
  const closed = once(unused, 'close');
  await server.close();
  await closed;
}, 5_000);

test('answers what runs before it ends', async () => {
  const server = await listen((_request, response) => void setTimeout(() => response.end('late'), 300), '127.0.0.1', 0);
  const answer = fetch(`http://127.0.0.1:${server.port}/`);
  await delay(100);
  await server.close();
  expect(await (await answer).text()).toBe('late');
}, 5_000);
