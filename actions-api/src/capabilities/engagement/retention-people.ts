// The users behind a cell of retention that was computed from the stream.
import { sql } from 'kysely';
import { type Database, readSnapshot } from '../../platform/database.ts';
import { listPeople, type Paged, type People } from './people.ts';
import type { RetentionQuery } from './retention-query.ts';
import { requireBounded, returns } from './retention-stream.ts';

const TIMEOUT_MS = 7_000;

export function retentionUsersOfPair(database: Database, query: Paged & Omit<RetentionQuery, 'cohorts'> & { readonly cohort: string; readonly n: number; readonly since?: string | undefined }, now: Date): Promise<People> {
  const { cohort, n, mode, since = cohort } = query;
  requireBounded(since, now);
  return readSnapshot(database, TIMEOUT_MS, (tx) =>
    listPeople(tx, sql`
      WITH ${returns(query, since, now)}
      SELECT DISTINCT person_id FROM returned WHERE cohort = ${cohort}::date AND ${mode === 'bounded' ? sql`n = ${n}` : sql`n >= ${n}`}`, query));
}
