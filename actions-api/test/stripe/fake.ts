// A Stripe for tests, on a port: keeps what it is told, repeats its answer to an idempotency key, fails when it is asked to.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createObjects } from './objects.ts';
import { type Answer, invalid, parseForm, Refusal } from './wire.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly version: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly body: string;
}

/** `lost` does the work and breaks the connection instead of answering; `refused` breaks it before. `says` is what something in between answers with 200. */
export type Trouble = 'lost' | 'refused' | { readonly status: number; readonly message?: string } | { readonly says: string };

export interface FakeStripe extends Pick<ReturnType<typeof createObjects>, 'coupons' | 'codes' | 'invoices' | 'checkouts'> {
  readonly url: string;
  readonly calls: Call[];
  /** What happens to the next requests, one each. */
  readonly troubles: Trouble[];
  /** Runs when a request has been worked on, before it is answered. */
  beforeAnswer: (call: Call) => Promise<void> | void;
  close(): Promise<void>;
}

export const STRIPE_KEY = 'sk_test_of_the_fake';
const TYPES: Readonly<Record<number, string>> = { 401: 'invalid_request_error', 402: 'card_error', 429: 'invalid_request_error' };

export async function startFakeStripe(now: () => number = () => Math.floor(Date.now() / 1_000)): Promise<FakeStripe> {
  const objects = createObjects(now);
  const calls: Call[] = [];
  const troubles: Trouble[] = [];
  const answered = new Map<string, { readonly request: string; readonly answer: Answer }>();

  const work = (call: Call, query: string, status: Extract<Trouble, { status: number }> | null): Answer => {
    const run = (): Answer => {
      if (status !== null && status.status >= 500) {
        return { status: status.status, body: { error: { type: 'api_error', message: status.message ?? 'An unexpected error occurred.' } } };
      }
      const body = objects.answer(call.method, call.path, parseForm(call.method === 'POST' ? call.body : query));
      return body === undefined ? new Refusal(404, 'invalid_request_error', `Unrecognized request URL (${call.method}: ${call.path}).`).answer : { status: 200, body };
    };
    try {
      if (status !== null && status.status < 500) {
        throw new Refusal(status.status, TYPES[status.status] ?? 'invalid_request_error', status.message ?? 'Request refused.', status.status === 429 ? { code: 'rate_limit' } : {});
      }
      return call.method === 'POST' && call.idempotencyKey !== undefined ? once(call, call.idempotencyKey, run) : run();
    } catch (error) {
      if (error instanceof Refusal) {
        return error.answer;
      }
      throw error;
    }
  };

  /** What was worked on is answered the same again, a failure of Stripe's own too; what was refused before is not kept. */
  const once = (call: Call, key: string, run: () => Answer): Answer => {
    const request = `${call.method} ${call.path} ${call.body}`;
    const known = answered.get(key);
    if (known !== undefined && known.request !== request) {
      throw new Refusal(400, 'idempotency_error', 'Keys for idempotent requests can only be used with the same parameters they were first used with.');
    }
    const answer = known?.answer ?? run();
    answered.set(key, { request, answer: { ...answer, body: structuredClone(answer.body) } });
    return answer;
  };

  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://stripe.invalid');
    const call: Call = { method: request.method ?? '', path: pathname, version: header(request, 'stripe-version'), idempotencyKey: header(request, 'idempotency-key'), body: await read(request) };
    calls.push(call);
    const trouble = troubles.shift();
    if (trouble === 'refused') {
      request.socket.destroy();
      return;
    }
    if (typeof trouble === 'object' && 'says' in trouble) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(trouble.says);
      return;
    }
    const answer = request.headers.authorization === `Bearer ${STRIPE_KEY}`
      ? formOf(request, () => work(call, search, typeof trouble === 'object' ? trouble : null))
      : new Refusal(401, 'invalid_request_error', 'Invalid API Key provided.').answer;
    await fake.beforeAnswer(call);
    if (trouble === 'lost') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': `req_${calls.length}`, 'stripe-should-retry': String(answer.status >= 500) });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));

  const fake: FakeStripe = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...objects, calls, troubles,
    beforeAnswer: () => undefined,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
  return fake;
}

const header = (request: IncomingMessage, name: string): string | undefined => request.headers[name] as string | undefined;

function formOf(request: IncomingMessage, answer: () => Answer): Answer {
  const isForm = request.method !== 'POST' || request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm ? answer() : invalid('Only forms are understood.').answer;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
