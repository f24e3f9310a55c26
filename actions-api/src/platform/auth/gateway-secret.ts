// Only Grafana (or the standalone shell) may call: it injects a shared secret into every proxied request.
import { createHash, timingSafeEqual } from 'node:crypto';
import { denied } from '../errors.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares digests, so that neither content nor length of the secret shows in the time it takes. */
export function createGatewayCheck(secret: string): (authorization: string | undefined) => void {
  if (secret === '') {
    throw new Error('ACTIONS_API_TOKEN is empty; an empty secret would let everybody in.');
  }
  const expected = digest(`Bearer ${secret}`);
  return (authorization) => {
    if (authorization === undefined || !timingSafeEqual(digest(authorization), expected)) {
      throw denied('gateway_secret_invalid', 'This request did not come through Grafana: the shared secret is missing or wrong. Compare ACTIONS_API_TOKEN with the token in the plugin configuration.');
    }
  };
}
