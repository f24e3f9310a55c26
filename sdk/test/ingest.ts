// Stands in for the Admin Center's ingest of events: keeps what comes, and answers as a test wants it to.
import type { ServerResponse } from 'node:http';
import { listen, urlOf } from './host.ts';

export interface ReceivedEvent {
  readonly type: string;
  readonly messageId: string;
  readonly userId: string;
  readonly event?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface TestIngest {
  readonly url: string;
  /** Of batches that were taken. */
  readonly events: ReceivedEvent[];
  /** Of all that came. */
  readonly batches: { readonly authorization: string; readonly sentAt: string; readonly library: string | undefined; readonly events: readonly ReceivedEvent[]; readonly bytes: number }[];
  answer: (response: ServerResponse) => void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

export const takes = (response: ServerResponse): void => void response.writeHead(200).end('{"success":true}');

/** @param policy answers the question for the policy; left out: there is none */
export async function startIngest(policy: ((nonce: string) => { readonly headers: Readonly<Record<string, string>>; readonly body: string }) | null = null): Promise<TestIngest> {
  let asked = 0;
  const handle = async (request: AsyncIterable<Buffer> & { url?: string | undefined; headers: NodeJS.Dict<string | string[]> }, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (request.url?.startsWith('/ingest/') === true) {
      const { batch, sentAt, context } = JSON.parse(body.toString()) as { batch: ReceivedEvent[]; sentAt: string; context?: { library?: { name?: string } } };
      ingest.batches.push({ authorization: String(request.headers['authorization']), sentAt, library: context?.library?.name, events: batch, bytes: body.length });
      response.once('finish', () => {
        if (response.statusCode === 200) {
          ingest.events.push(...batch);
        }
      });
      ingest.answer(response);
    } else if (request.url?.startsWith('/sdk/v1/policy') === true && policy !== null && asked++ === 0) {
      const { headers, body: text } = policy(String(request.headers['x-admin-center-nonce']));
      response.writeHead(200, headers).end(text);
    } else if (request.url?.startsWith('/sdk/v1/policy') === true) {
      setTimeout(() => response.writeHead(503).end(), 5_000).unref();
    } else {
      response.writeHead(200).end('{}');
    }
  };
  let server = await listen(handle as Parameters<typeof listen>[0]);
  const url = urlOf(server);
  const ingest: TestIngest = {
    url, events: [], batches: [], answer: takes,
    async goAway() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
    async comeBack() {
      server = await listen(handle as Parameters<typeof listen>[0], Number(new URL(url).port));
    },
  };
  return ingest;
}
