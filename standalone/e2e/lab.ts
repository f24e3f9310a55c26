// The shell around the lab plugin, on a free port, with an API that echoes: browser tests of the shell itself, without the product.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createLogger } from '@admin-center/platform/log';
import { buildStandalone } from '../build.ts';
import { createApp } from '../server/app.ts';
import { readStandaloneConfig } from '../server/config.ts';

export const LAB = '/a/acme-lab-app';

export interface Lab {
  readonly url: string;
  close(): Promise<void>;
}

const PEOPLE = [
  { login: 'ada', name: 'Ada Okafor', email: 'ada@acme.example', orgRole: 'Admin' },
  { login: 'vic', name: 'Vic Chen', email: 'vic@acme.example', orgRole: 'Viewer' },
];

export async function startLab(): Promise<Lab> {
  await buildStandalone();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'standalone-lab-'));
  await writeFile(path.join(directory, 'admins.json'), JSON.stringify(PEOPLE));
  const api = http.createServer(answer);
  const server = http.createServer();
  const [apiPort, port] = await Promise.all([listen(api), listen(server)]);
  const config = readStandaloneConfig({
    PORT: String(port),
    ACTIONS_API_URL: `http://127.0.0.1:${apiPort}`,
    ACTIONS_API_TOKEN: 'lab',
    DATA_DIR: directory,
    ADMINS_FILE: path.join(directory, 'admins.json'),
    PLUGIN_DIST: path.join(import.meta.dirname, 'lab'),
  });
  server.on(
    'request',
    createApp(config, createLogger('lab', 'silent'), () => new Date()),
  );
  return {
    url: config.PUBLIC_URL,
    async close() {
      for (const each of [server, api]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `/echo/<status>?wait=<ms>&message=<text>`: that status, after that time, with that message. */
function answer(req: http.IncomingMessage, res: http.ServerResponse): void {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
  const body = JSON.stringify({
    headers: req.headers,
    ...(searchParams.has('message') ? { message: searchParams.get('message') } : {}),
  });
  setTimeout(
    () => res.writeHead(Number(pathname.split('/').at(-1)), { 'content-type': 'application/json' }).end(body),
    Number(searchParams.get('wait') ?? 0),
  );
}

async function listen(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
