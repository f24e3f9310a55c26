// What makes a user active (D1): its versions, what another one would do, and putting one in force.
import type { Definition, DefinitionPreview } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import { type Database, type Queryable, readSnapshot, type Tx } from '../../platform/database.ts';

/** A dry run reads the stream of 30 days. */
const TIMEOUT_MS = 7_000;
const ALWAYS = 'Page views, screens, mails opened, impersonated sessions and admins never count.';

export type Judged = Pick<Definition, 'mode' | 'events'>;

interface Row {
  readonly version: number;
  readonly mode: Definition['mode'];
  readonly events: readonly string[];
  readonly since: string | null;
  readonly created_by: string;
  readonly reason: string;
}

/** A sentence for every panel that counts active users. */
export function describe({ mode, events }: { readonly mode: Definition['mode']; readonly events: readonly string[] }): string {
  const names = events.map((name) => `“${name}”`).join(', ');
  if (mode === 'only') {
    return `Active is who did one of these: ${names}. ${ALWAYS}`;
  }
  return `Active is who did anything that is tracked${names === '' ? '' : `, except ${names}`}. ${ALWAYS}`;
}

const toDefinition = ({ created_by: createdBy, since, ...row }: Row): Definition => ({
  ...row,
  events: [...row.events],
  text: describe(row),
  since: since === null ? null : new Date(since).toISOString(),
  createdBy,
});

const read = (database: Queryable) => sql<Row>`
  SELECT version, mode, events, CASE WHEN isfinite(since) THEN since::text END AS since, created_by, reason
  FROM admin_center.qualifying_definition ORDER BY version DESC
`.execute(database);

export const listDefinitions = async (database: Queryable): Promise<Definition[]> => (await read(database)).rows.map(toDefinition);

/** The one in force. */
export async function readDefinition(database: Queryable): Promise<Definition> {
  return (await listDefinitions(database))[0] as Definition;
}

/** Version and text, as every answer carries them. */
export async function definedBy(database: Queryable): Promise<Pick<Definition, 'version' | 'text'>> {
  const { version, text } = await readDefinition(database);
  return { version, text };
}

/** One admin at a time decides; the other then sees the new version. */
export async function lockDefinition(tx: Tx): Promise<Definition> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('admin_center.qualifying_definition', 0))`.execute(tx);
  return readDefinition(tx);
}

export async function insertDefinition(tx: Tx, version: number, { mode, events }: Judged, by: string, reason: string): Promise<void> {
  await sql`
    INSERT INTO admin_center.qualifying_definition (version, mode, events, created_by, reason)
    VALUES (${version}, ${mode}, ${[...events]}, ${by}, ${reason})
  `.execute(tx);
}

/** Whether a track event of this name qualifies. */
export const judge = ({ mode, events }: Judged) => (mode === 'only' ? sql`(name = ANY (${[...events]}::text[]))` : sql`(name <> ALL (${[...events]}::text[]))`);

/** The dry run: the same events under both definitions. Admins and impersonated sessions never get into the stream. */
export const previewDefinition = (database: Database, judged: Judged, now: Date): Promise<DefinitionPreview> =>
  readSnapshot(database, TIMEOUT_MS, async (tx) => {
    const { rows } = await sql<{ days: number; users: number; usersNow: number }>`
      WITH acted AS MATERIALIZED (
        SELECT person_id, max(at) FILTER (WHERE ${judge(judged)}) AS last_at, max(at) FILTER (WHERE qualifies) AS last_now
        FROM admin_center.event
        WHERE type = 'track' AND known AND at > ${now}::timestamptz - interval '30 days' AND at <= ${now}
        GROUP BY person_id
      )
      SELECT days,
        (count(*) FILTER (WHERE last_at > ${now}::timestamptz - days * interval '24 hours'))::integer AS users,
        (count(*) FILTER (WHERE last_now > ${now}::timestamptz - days * interval '24 hours'))::integer AS "usersNow"
      FROM (VALUES (7), (30)) AS period (days) LEFT JOIN acted ON TRUE
      GROUP BY days ORDER BY days
    `.execute(tx);
    const known = await readEventNames(tx, now);
    const { version } = await readDefinition(tx);
    return { windows: rows, unknownEvents: judged.events.filter((name) => !known.some((event) => event.name === name)), version };
  });

export async function readEventNames(database: Queryable, now: Date): Promise<{ name: string; events: number }[]> {
  const { rows } = await sql<{ name: string; events: number }>`
    SELECT name, sum(events)::bigint AS events
    FROM admin_center.event_count
    WHERE type = 'track' AND day > (${now}::timestamptz AT TIME ZONE 'UTC')::date - 30
    GROUP BY name ORDER BY sum(events) DESC, name LIMIT 500
  `.execute(database);
  return rows.map(({ name, events }) => ({ name, events: Number(events) }));
}

/** In memory, by the same rule as `judge`. */
export const qualifies = ({ mode, events }: Judged, name: string): boolean => events.includes(name) === (mode === 'only');
