// The client of Stripe, set to the address of the configuration; there is none without a key.
import { Stripe } from 'stripe';
import type { Config } from '../../../config.ts';

const TIMEOUT_MS = 10_000;
/** What each path of Stripe answers with; a list of them is a `list`. */
const OBJECTS: readonly (readonly [string, string])[] = [['/v1/coupons', 'coupon'], ['/v1/promotion_codes', 'promotion_code'], ['/v1/invoices', 'invoice'], ['/v1/checkout/sessions', 'checkout.session']];

/** It does not try again by itself, but for once when a connection it kept was closed: the queue does, and remembers that it did. */
export function createStripe({ STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base }: Pick<Config, 'STRIPE_SECRET_KEY' | 'STRIPE_API_BASE'>): Stripe | null {
  if (key === undefined) {
    return null;
  }
  const { hostname, port, protocol } = new URL(base);
  return new Stripe(key, {
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    protocol: protocol === 'http:' ? 'http' : 'https',
    maxNetworkRetries: 0,
    timeout: TIMEOUT_MS,
    telemetry: false,
    httpClient: believingOnlyStripe(),
  });
}

/** A proxy may say 200 to anything. What is no object of the kind that was asked for is an error, as what is no JSON is. */
function believingOnlyStripe() {
  const client = Stripe.createNodeHttpClient();
  const makeRequest = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const [, , path] = request;
    const response = await makeRequest(...request);
    const toJSON = response.toJSON.bind(response);
    response.toJSON = async () => {
      const body: unknown = await toJSON();
      if (response.getStatusCode() < 300 && !isAnswer(path, body)) {
        throw new Error(`What answers to ${path.split('?', 1)[0]} is not Stripe.`);
      }
      return body;
    };
    return response;
  };
  return client;
}

function isAnswer(path: string, body: unknown): boolean {
  const expected = OBJECTS.find(([root]) => path.startsWith(root))?.[1];
  const { object, id, data } = (body ?? {}) as { readonly object?: unknown; readonly id?: unknown; readonly data?: unknown };
  return object === 'list' ? Array.isArray(data) : typeof id === 'string' && (expected === undefined ? typeof object === 'string' : object === expected);
}
