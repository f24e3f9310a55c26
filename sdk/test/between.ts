// A server between a host and the API, that a test can take away or let lie.
import type http from 'node:http';
import { listen, urlOf } from './host.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Between {
  readonly url: string;
  /** Null: as it is. */
  lie: ((answer: Answer) => Answer) | null;
  /** Requests so far, by path. */
  readonly seen: string[];
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export async function startBetween(target: string): Promise<Between> {
  const seen: string[] = [];
  const handle: http.RequestListener = async (request, response) => {
    seen.push(request.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { host: _host, connection: _connection, ...headers } = request.headers as Record<string, string>;
    try {
      const upstream = await fetch(target + (request.url ?? ''), { method: request.method ?? 'GET', headers, signal: gone.signal, ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }) });
      const own = ['etag', 'x-admin-center-signature', 'content-type', 'retry-after'].flatMap((name) => (upstream.headers.has(name) ? [[name, upstream.headers.get(name)]] : []));
      const answer = { status: upstream.status, headers: Object.fromEntries(own) as Record<string, string>, body: await upstream.text() };
      const told = between.lie === null ? answer : between.lie(answer);
      response.writeHead(told.status, told.headers).end(told.body);
    } catch {
      response.destroy();
    }
  };
  let server = await listen(handle);
  const url = urlOf(server);
  const between: Between = {
    url, lie: null, seen,
    async goAway() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
    async comeBack() {
      server = await listen(handle, Number(new URL(url).port));
    },
  };
  return between;
}
