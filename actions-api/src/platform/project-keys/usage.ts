// Remembers when a key was last used, in at most one write a minute for each key and replica.
import { sql } from 'kysely';
import type { Services } from '../services.ts';

const THROTTLE_MS = 60_000;

/** Called for each request; it waits for nothing, and a write that fails is tried again at a later request. */
export function noteUse({ database, clock, log }: Pick<Services, 'database' | 'clock' | 'log'>): (keyId: string) => void {
  const noted = new Map<string, number>();
  return (keyId) => {
    const now = clock();
    const last = noted.get(keyId) ?? Number.NEGATIVE_INFINITY;
    if (now.getTime() - last < THROTTLE_MS) {
      return;
    }
    noted.set(keyId, now.getTime());
    sql`
      UPDATE admin_center.project_key SET last_used_at = ${now}
      WHERE id = ${keyId} AND (last_used_at IS NULL OR last_used_at <= ${now}::timestamptz - interval '1 minute')
    `
      .execute(database)
      .catch((err: unknown) => log.warn({ err }, 'the use of a project key could not be noted'));
  };
}
