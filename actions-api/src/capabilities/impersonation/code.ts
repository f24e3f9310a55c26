// The one-time code that carries a session from Grafana to the host.
import { createHash, randomBytes } from 'node:crypto';

/** 256 bits, so that a plain hash keeps it. */
export const makeCode = (random: (length: number) => Buffer = randomBytes): string => `imp_${random(32).toString('base64url')}`;

export const hashOfCode = (code: string): Buffer => createHash('sha256').update(code).digest();

/** @param page HOST_HANDOFF_URL; null when none is configured */
export function handOffUrl(page: string | undefined, code: string): string | null {
  if (page === undefined) {
    return null;
  }
  const url = new URL(page);
  url.searchParams.set('code', code);
  return url.href;
}
