// What becomes of a connection whose server fell silent and spoke again.
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@admin-center/database/testing';
import type pg from 'pg';
import { createPool, LIMIT_STATEMENTS } from './pool.ts';

let db: TestDatabase;
let line: Line;
let pool: pg.Pool;

/** Between a client and PostgreSQL: what is open can be held up, as by a network or a machine that stands still. */
interface Line {
  readonly port: number;
  hold(): void;
  goOn(): void;
  close(): void;
}

async function lineTo(port: number): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hold: () => sockets.forEach((socket) => socket.pause()),
    goOn: () => sockets.forEach((socket) => socket.resume()),
    close() {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

beforeAll(async () => {
  db = await createTestDatabase();
  const url = new URL(db.url);
  line = await lineTo(Number(url.port));
  url.port = String(line.port);
  pool = createPool({ connectionString: url.href, applicationName: 'test-pool', max: 1, statementTimeoutMs: 1_000 });
});
afterAll(async () => {
  await pool.end();
  line.close();
  await db.close();
});

test('a statement that is given more time is waited for', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query(LIMIT_STATEMENTS, ['60000']);
  // Longer than the others are waited for.
  await client.query('SELECT pg_sleep(4)');
  await client.query('COMMIT');
  client.release();
  await expect(pool.query('SELECT pg_sleep(4)')).rejects.toThrow('timeout');
});

test('a statement that nobody waited for any more takes none of the later ones with it', async () => {
  await db.pool.query('CREATE TABLE public.acknowledged (id integer)');
  const client = await pool.connect();
  line.hold();
  await expect(client.query('BEGIN')).rejects.toThrow('Query read timeout');
  client.release();
  line.goOn();
  // Were it the same connection, this would be in the transaction that was begun meanwhile, and go with it.
  await pool.query('INSERT INTO public.acknowledged VALUES (1)');
  expect((await db.pool.query('SELECT id FROM public.acknowledged')).rows).toEqual([{ id: 1 }]);
});
