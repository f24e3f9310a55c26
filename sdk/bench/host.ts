// A host for the benchmark, as a process of its own: Express with one route, bare or with the middleware, of 10,000 users.
// Run by middleware.bench.ts: node host.ts <bare|silent|middleware> <url> <key>
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import { adminCenter } from '../src/admin-center.ts';

const [kind, url = '', key = ''] = process.argv.slice(2);
const app = express();
let count = 0;
app.use((request, _response, next) => {
  count = (count + 1) % 10_000;
  (request as Request & { user?: unknown }).user = { id: `user-${count}`, sessionId: `session-${count}` };
  next();
});
if (kind !== 'bare') {
  const center = adminCenter({ url, key, events: kind !== 'silent' });
  await center.ready();
  app.use(center.middleware());
}
app.get('/api/users/:id', (request, response) => {
  response.json({ id: request.params.id });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
