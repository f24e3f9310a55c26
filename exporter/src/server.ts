// HTTP: the finished metrics page, and whether this process is alive and ready. Nothing here waits for the database.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Exposition } from './exposition.ts';

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';
const ROUTES = ['/metrics', '/healthz', '/readyz'] as const;
type Route = (typeof ROUTES)[number];

export interface Answered {
  readonly method: string;
  /** Undefined where no route matched. */
  readonly route: Route | undefined;
  readonly status: number;
  readonly seconds: number;
}

export interface ServerOptions {
  readonly exposition: Exposition;
  readonly notReady: () => readonly string[];
  /** Told about every answer, however it ended. */
  readonly answered?: (answer: Answered) => void;
}

export function createExporterServer({ exposition, notReady, answered = () => undefined }: ServerOptions): Server {
  const server = createServer((request, response) => {
    const begun = performance.now();
    const route = routeOf(request);
    response.on('close', () => answered({ method: request.method ?? '', route, status: response.statusCode, seconds: (performance.now() - begun) / 1_000 }));
    answer(request, response, route);
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  // Longer than a scrape interval, so that Prometheus keeps its connection.
  server.keepAliveTimeout = 75_000;

  function answer(request: IncomingMessage, response: ServerResponse, route: Route | undefined): void {
    if (route === undefined) {
      send(request, response, 404, `There is nothing here. Try ${ROUTES.join(', ')}.\n`);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      send(request, response, 405, `${route} can only be read.\n`);
    } else if (route === '/metrics') {
      sendMetrics(request, response);
    } else if (route === '/healthz') {
      send(request, response, 200, 'alive\n');
    } else {
      const reasons = notReady();
      response.setHeader('Cache-Control', 'no-store');
      send(request, response, reasons.length === 0 ? 200 : 503, reasons.length === 0 ? 'ready\n' : `${reasons.join('\n')}\n`);
    }
  }

  function sendMetrics(request: IncomingMessage, response: ServerResponse): void {
    const page = exposition.current();
    if (page === null) {
      send(request, response, 503, 'There are no metrics yet.\n');
      return;
    }
    const compressed = acceptsGzip(request.headers['accept-encoding']);
    const body = compressed ? page.gzip : page.plain;
    response.writeHead(200, {
      'Content-Type': TEXT_FORMAT,
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      Vary: 'Accept-Encoding',
      ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  return server;
}

function routeOf(request: IncomingMessage): Route | undefined {
  const [path] = (request.url ?? '').split('?', 1);
  return ROUTES.find((route) => route === path);
}

/** `gzip` or `*` in the list, unless its quality is 0. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? '').split(',').map((part) => part.trim().toLowerCase().split(/\s*;\s*/));
  const qualityOf = (coding: string): number | undefined => {
    const offer = offers.find(([name]) => name === coding);
    return offer && Number(offer.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  };
  return (qualityOf('gzip') ?? qualityOf('*') ?? 0) > 0;
}

function send(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}
