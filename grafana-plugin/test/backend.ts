// The world behind the plugin in tests: Grafana's BackendSrv, answering from one typed table of endpoint handlers.
import { from } from 'rxjs';
import { EventBusSrv, type AppEvent } from '@grafana/data';
import { setAppEvents, setBackendSrv, type BackendSrv, type BackendSrvRequest } from '@grafana/runtime';
import type { EndpointContract } from '@admin-center/contracts/capability';
import type { z } from 'zod';
import { PLUGIN_ID } from '../src/plugin-id.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the API answers: the response as JSON, text for CSV. */
type Answer<E extends EndpointContract> = E['response'] extends z.ZodType ? z.input<E['response']> : string;
type Handler<E extends EndpointContract> = (request: Received) => Answer<E> | Promise<Answer<E>>;

/** Thrown by a handler: a status with the body of a problem. */
export class Refusal extends Error {
  readonly status: number;
  readonly data: unknown;
  constructor(status: number, data: unknown = {}) {
    super(`status ${status}`);
    this.status = status;
    this.data = data;
  }
}

interface Entry {
  readonly method: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
  readonly handler: (request: Received) => unknown;
}

const PREFIX = `/api/plugin-proxy/${PLUGIN_ID}`;

function entryOf(endpoint: EndpointContract, handler: (request: Received) => unknown): Entry {
  const names = [...endpoint.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  const path = endpoint.path.replace(/^\/api/, '').replace(/:\w+/g, '([^/]+)');
  return { method: endpoint.method, pattern: new RegExp(`^${path}$`), names, handler };
}

export interface Backend {
  /** Answers an endpoint from now on; the last word counts. */
  on: <E extends EndpointContract>(endpoint: E, handler: Handler<E>) => void;
  /** Requests so far, oldest first. */
  readonly requests: Received[];
  /** Titles of the toasts shown. */
  readonly toasts: string[];
  /** Requests of other addresses (settings). */
  readonly raw: BackendSrvRequest[];
}

/** Installs a fresh backend; call it before each test. */
export function createBackend(): Backend {
  const entries: Entry[] = [];
  const backend: Backend = {
    on: (endpoint, handler) => void entries.unshift(entryOf(endpoint, handler)),
    requests: [],
    toasts: [],
    raw: [],
  };

  const answer = async (options: BackendSrvRequest): Promise<{ data: unknown }> => {
    const [path = '', search = ''] = options.url.slice(PREFIX.length).split('?');
    if (!options.url.startsWith(PREFIX)) {
      backend.raw.push(options);
      return { data: {} };
    }
    const method = options.method ?? 'GET';
    const entry = entries.find((each) => each.method === method && each.pattern.test(path));
    if (!entry) {
      throw { status: 404, data: { message: `no handler for ${method} ${path}` } };
    }
    const values = entry.pattern.exec(path)?.slice(1) ?? [];
    const params = Object.fromEntries(entry.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
    const request: Received = { method, url: options.url, params, query: Object.fromEntries(new URLSearchParams(search)), body: options.data, headers: options.headers ?? {} };
    backend.requests.push(request);
    try {
      return { data: await entry.handler(request) };
    } catch (error) {
      if (error instanceof Refusal) {
        throw { status: error.status, data: options.responseType === 'text' ? JSON.stringify(error.data) : error.data };
      }
      throw error;
    }
  };

  setBackendSrv({ fetch: (options: BackendSrvRequest) => from(answer(options)) } as unknown as BackendSrv);
  const events = new EventBusSrv();
  const publish = events.publish.bind(events);
  events.publish = (event) => {
    const { payload } = event as unknown as AppEvent<string[]> & { payload?: string[] };
    backend.toasts.push(payload?.[0] ?? '');
    publish(event);
  };
  setAppEvents(events);
  return backend;
}

/** A body of problem+json as the API writes it. */
export const problem = (status: number, code: string, detail: string, more: object = {}): Refusal =>
  new Refusal(status, { type: `https://admin-center.example/problems/${code}`, title: code, status, detail, message: detail, code, requestId: 'req-7', ...more });
