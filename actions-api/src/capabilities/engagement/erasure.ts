// Erasing what one user did: what it takes away, and that it is gone for good.
import type { ErasurePreview } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import { measure, previewToken, requireSamePreview } from '../../platform/blast-radius.ts';
import { limitStatements, type Queryable, type Tx } from '../../platform/database.ts';
import { notFound } from '../../platform/errors.ts';

/** The counts of a busy user over years are taken apart day by day; the answer's own deadline is 30 seconds. */
const ERASE_MS = 25_000;

/** What of a user there is in the stream. */
export interface Traces {
  readonly events: number;
  readonly days: number;
  readonly visitors: number;
  readonly since: string | null;
  readonly erasedBefore: boolean;
}

interface Person {
  /** By which the stream may know them. */
  readonly ids: readonly string[];
  readonly visitors: number;
  readonly erasedBefore: boolean;
  readonly known: boolean;
}

/** @throws AppError 404 for an id that neither the host nor the stream knows */
export async function readTraces(database: Queryable, userId: string): Promise<Traces> {
  const person = await sql<Person>`
    SELECT
      admin_center.persons_of(${userId}::uuid)::text[] AS ids,
      (SELECT count(*) FROM admin_center.person_link WHERE user_id = ${userId}::uuid)::integer AS visitors,
      EXISTS (SELECT FROM admin_center.erased_person WHERE digest = admin_center.erasure_digest(${userId}::uuid::text)) AS "erasedBefore",
      EXISTS (SELECT FROM admin_center.account WHERE user_id = ${userId}::uuid) AS known
  `.execute(database);
  const { ids, known, visitors, erasedBefore } = person.rows[0] as Person;
  const stream = await sql<Pick<Traces, 'events' | 'days' | 'since'>>`
    SELECT count(*)::integer AS events, count(DISTINCT (at AT TIME ZONE 'UTC')::date)::integer AS days, to_char(min(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since
    FROM admin_center.event WHERE person_id = ANY (${ids}::uuid[])
  `.execute(database);
  const traces: Traces = { ...(stream.rows[0] as Pick<Traces, 'events' | 'days' | 'since'>), visitors, erasedBefore };
  if (!known && traces.events === 0 && traces.visitors === 0 && !traces.erasedBefore) {
    throw notFound('user');
  }
  return traces;
}

export async function previewErasure(database: Queryable, userId: string): Promise<ErasurePreview> {
  const traces = await readTraces(database, userId);
  return {
    ...(await measure(database, [userId])), users: 1, ...traces, sessions: 0, experiments: [], slo: null, approval: 'not_needed',
    warnings: [
      'This cannot be taken back, and what still comes in of this user is not stored any more.',
      ...(traces.erasedBefore ? ['The activity of this user was erased before.'] : []),
    ],
    token: tokenOf(userId, traces),
  };
}

/** Events come in all the time and are what is to go; another visitor, or an erasure by somebody else, was not looked at. */
const tokenOf = (userId: string, { visitors, erasedBefore }: Traces): string => previewToken(['erase', userId, visitors, erasedBefore]);

/** Safe to repeat: there is nothing left then. @returns how many events went */
export async function eraseActivity(tx: Tx, userId: string, token: string | undefined): Promise<number> {
  requireSamePreview(await previewErasure(tx, userId), token);
  await limitStatements(tx, ERASE_MS);
  const { rows } = await sql<{ erased: number }>`SELECT admin_center.erase_person(${userId})::integer AS erased`.execute(tx);
  return rows[0]?.erased ?? 0;
}
