// A write that is sent twice under one `Idempotency-Key` happens once. The key is claimed in the transaction of the write
// itself: a second taker, in whatever process, waits at the unique index until the first one commits or gives up.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Request } from 'express';
import type { IdempotencyClaim } from './context.ts';
import type { Tx } from './database.ts';
import { AppError, conflict } from './errors.ts';

const KEY = /^[\x21-\x7e]{8,200}$/;
/** How long a second taker waits for the first. */
const WAIT_MS = 10_000;

/** @param input path parameters, query and body after parsing, so that spelling does not matter */
export function readClaim(request: Request, input: unknown): IdempotencyClaim | null {
  const key = request.get('idempotency-key');
  if (key === undefined) {
    return null;
  }
  if (!KEY.test(key)) {
    throw new AppError('idempotency_key_invalid', 400, 'The header Idempotency-Key must be 8 to 200 printable ASCII characters without spaces; a UUID is best.');
  }
  return { key, requestHash: createHash('sha256').update(JSON.stringify([request.method, request.path, input])).digest() };
}

export type Claimed = { readonly state: 'fresh' } | { readonly state: 'answered'; readonly response: string };

/**
 * First statement of a write's transaction.
 * @throws AppError 422 for another request under the same key, 409 while the first one still runs
 */
export async function claimKey(tx: Tx, actor: string, endpoint: string, claim: IdempotencyClaim): Promise<Claimed> {
  await sql`SELECT set_config('lock_timeout', ${String(WAIT_MS)}, true)`.execute(tx);
  const inserted = await sql`
    INSERT INTO admin_center.idempotency_key (actor, endpoint, key, request_hash)
    VALUES (${actor}, ${endpoint}, ${claim.key}, ${claim.requestHash})
    ON CONFLICT DO NOTHING
  `.execute(tx).catch((error: unknown) => {
    throw (error as { code?: string }).code === '55P03'
      ? new AppError('idempotency_in_progress', 409, 'The first request with this Idempotency-Key is still running. Try again.', { retryAfterSeconds: 2 })
      : error;
  });
  if (inserted.numAffectedRows === 1n) {
    return { state: 'fresh' };
  }
  const { rows } = await sql<{ request_hash: Buffer; response: string | null }>`
    SELECT request_hash, response FROM admin_center.idempotency_key
    WHERE actor = ${actor} AND endpoint = ${endpoint} AND key = ${claim.key}
  `.execute(tx);
  const [stored] = rows;
  if (stored === undefined || !stored.request_hash.equals(claim.requestHash)) {
    throw new AppError('idempotency_key_reused', 422, 'This Idempotency-Key was used for another request. Send a new key with each new request.');
  }
  if (stored.response === null) {
    throw conflict('idempotency_not_replayable', 'The answer was already sent under this Idempotency-Key, and files and secrets are not kept. Ask again with a new key.');
  }
  return { state: 'answered', response: stored.response };
}

/** @param response JSON text; null when the answer is a stream or holds a secret */
export async function storeResponse(tx: Tx, actor: string, endpoint: string, claim: IdempotencyClaim, response: string | null): Promise<void> {
  await sql`
    UPDATE admin_center.idempotency_key SET response = ${response}
    WHERE actor = ${actor} AND endpoint = ${endpoint} AND key = ${claim.key}
  `.execute(tx);
}
