// The HTTP server around the application: bounded waiting, and an end that lets running requests finish.
import http, { type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Longer than Grafana's proxy keeps an idle connection (90 s), so that it never sends into one we just closed. */
const KEEP_ALIVE_MS = 95_000;
const HEADERS_MS = 10_000;
/** For receiving a request; answers may take longer. */
const REQUEST_MS = 30_000;
const SWEEP_MS = 50;

export interface Server {
  /** The port it really listens on. */
  readonly port: number;
  /** Takes no further requests and resolves when the running ones are answered. */
  close(): Promise<void>;
}

export async function listen(app: RequestListener, host: string, port: number): Promise<Server> {
  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS }, app);
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        // A connection whose request is answered later becomes idle later. One that was opened in advance and never used
        // is not idle to Node, which no longer looks at its timeouts either.
        const sweep = setInterval(() => {
          server.closeIdleConnections();
          [...connections].filter(({ bytesRead }) => bytesRead === 0).forEach((connection) => connection.destroy());
        }, SWEEP_MS);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}
