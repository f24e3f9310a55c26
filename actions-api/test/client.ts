// Calls the API as Grafana's proxy would for a person: with the shared secret and that person's ID token.
import { randomUUID } from 'node:crypto';
import type { Issuer, Person } from './issuer.ts';

export const TOKEN = 'a-shared-secret-for-tests';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text where it is not JSON. */
  readonly body: unknown;
}

export interface Call {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** `null` sends none; left out, a write sends a fresh one. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Client {
  get(path: string, query?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body?: unknown, call?: Omit<Call, 'body'>): Promise<Answer>;
  send(method: string, path: string, call?: Call): Promise<Answer>;
}

/** @param person null: no ID token at all */
export function createClient(baseUrl: string, issuer: Issuer, person: Person | null): Client {
  const send: Client['send'] = async (method, path, { query = {}, body, key, headers = {} } = {}) => {
    const url = `${baseUrl}${path}${Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`}`;
    const idempotencyKey = key === undefined && method !== 'GET' ? randomUUID() : (key ?? null);
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'x-forwarded-for': '6.6.6.6, 203.0.113.7',
        'user-agent': 'Acme-Test/1.0',
        ...(person === null ? {} : { 'x-grafana-id': await issuer.token(person) }),
        ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
  return {
    send,
    get: (path, query = {}) => send('GET', path, { query }),
    post: (path, body, call = {}) => send('POST', path, { ...call, body }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
