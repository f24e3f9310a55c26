// A host application for a test: Express with the middleware in two lines, and a user as the request's headers say.
import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type Request } from 'express';
import { type AdminCenter, adminCenter } from '../src/admin-center.ts';
import type { AdminCenterOptions } from '../src/options.ts';

export interface TestHost {
  readonly center: AdminCenter;
  readonly app: Express;
  readonly baseUrl: string;
  readonly errors: readonly Error[];
  /** A request as this user: `user`, `session`, and `act` as the admin and the impersonation session. */
  as(identity: Readonly<Record<string, string>>, path: string, init?: RequestInit): Promise<{ status: number; body: unknown; headers: Headers }>;
  close(): Promise<void>;
}

export async function startTestHost(options: AdminCenterOptions): Promise<TestHost> {
  const errors: Error[] = [];
  const app = express();
  app.use((request, _response, next) => {
    const act = request.get('x-act');
    const [sub, sid] = (act ?? '').split(' ');
    if (request.get('x-user') !== undefined) {
      (request as Request & { user?: unknown }).user = { id: request.get('x-user'), sessionId: request.get('x-session'), ...(act === undefined ? {} : { act: { sub, sid } }) };
    }
    next();
  });
  const center = adminCenter({ reportEveryMs: 100, onError: (error) => errors.push(error), ...options });
  app.use(center.middleware());
  app.use(express.json());
  app.get('/api/profile/:id', (request, response) => {
    response.json({ adminCenter: (request as Request & { adminCenter?: unknown }).adminCenter });
  });
  app.post('/api/password', (_request, response) => {
    response.json({ changed: true });
  });
  const server = await listen(app);
  const baseUrl = urlOf(server);
  return {
    center, app, baseUrl, errors,
    async as(identity, path, init = {}) {
      const headers = Object.fromEntries(Object.entries(identity).map(([name, value]) => [`x-${name}`, value]));
      const response = await fetch(baseUrl + path, { ...init, headers });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === '' ? null : (JSON.parse(text) as unknown) };
    },
    async close() {
      await center.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export async function listen(app: http.RequestListener, port = 0): Promise<Server> {
  const server = http.createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

export const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
