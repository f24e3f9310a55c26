// A host for the benchmark, as a process of its own: Express with one route, bare or with the middleware.
// Run by middleware.bench.ts: node host.ts <bare|middleware> <url> <key>
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import { adminCenter } from '../src/admin-center.ts';

const [kind, url = '', key = ''] = process.argv.slice(2);
const app = express();
app.use((request, _response, next) => {
  (request as Request & { user?: unknown }).user = { id: 'user-7', sessionId: 'session-7' };
  next();
});
if (kind === 'middleware') {
  const center = adminCenter({ url, key });
  await center.ready();
  app.use(center.middleware());
}
app.get('/api/users/:id', (request, response) => {
  response.json({ id: request.params.id });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
