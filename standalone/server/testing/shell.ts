// The shell on a free port with a fixture around it, and a client that sends any header there is.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@admin-center/platform/log';
import { createApp, LIMITS, type Limits } from '../app.ts';
import { readStandaloneConfig } from '../config.ts';
import { createFixture, type Fixture } from './fixture.ts';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  json<T>(): T;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Login of who asks; signs in first. */
  readonly as?: string;
}

export interface Shell {
  readonly url: string;
  readonly port: number;
  readonly fixture: Fixture;
  /** Moves the shell's clock. */
  advance(milliseconds: number): void;
  request(path: string, options?: RequestOptions): Promise<Answer>;
  /** @returns the session cookie */
  signIn(login: string): Promise<string>;
  close(): Promise<void>;
}

export interface ShellOptions {
  readonly apiUrl?: string;
  readonly prometheusUrl?: string;
  readonly publicUrl?: string;
  readonly limits?: Partial<Limits>;
  readonly fixture?: Fixture;
  readonly now?: Date;
}

const NOBODY = 'http://127.0.0.1:9';

export async function startShell(options: ShellOptions = {}): Promise<Shell> {
  const fixture = options.fixture ?? (await createFixture());
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  let now = (options.now ?? new Date()).getTime();
  const config = readStandaloneConfig({
    PORT: String(port),
    PUBLIC_URL: options.publicUrl ?? url,
    PROMETHEUS_URL: options.prometheusUrl ?? NOBODY,
    ACTIONS_API_URL: options.apiUrl ?? NOBODY,
    ACTIONS_API_TOKEN: 'shared-secret',
    DATA_DIR: fixture.dataDir,
    ADMINS_FILE: fixture.adminsFile,
    PLUGIN_DIST: fixture.pluginDist,
    HOST_DIST: fixture.hostDist,
  });
  server.on(
    'request',
    createApp(config, createLogger('standalone', 'silent'), () => new Date(now), { ...LIMITS, ...options.limits }),
  );

  const cookies = new Map<string, string>();
  async function signIn(login: string): Promise<string> {
    const answer = await send(port, '/login', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `login=${login}`,
    });
    return answer.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  }

  return {
    url,
    port,
    fixture,
    advance: (milliseconds) => void (now += milliseconds),
    signIn,
    async request(path, { as, ...rest } = {}) {
      if (as === undefined) {
        return send(port, path, rest);
      }
      const cookie = cookies.get(as) ?? (await signIn(as));
      cookies.set(as, cookie);
      return send(port, path, { ...rest, headers: { cookie, ...rest.headers } });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (options.fixture === undefined) {
        await fixture.remove();
      }
    },
  };
}

/** The path goes out as written: fetch would tidy `..` away before the shell could see it. */
function send(port: number, path: string, { method = 'GET', headers = {}, body }: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const content = Buffer.concat(chunks);
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: content,
          text: content.toString(),
          json: <T>() => JSON.parse(content.toString()) as T,
        });
      });
    });
    req.on('error', reject);
    req.end(body);
  });
}
