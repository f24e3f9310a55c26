// The client of Stripe, set to the address of the configuration; there is none without a key.
import { Stripe } from 'stripe';
import type { Config } from '../../../config.ts';

const TIMEOUT_MS = 10_000;

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
  });
}
