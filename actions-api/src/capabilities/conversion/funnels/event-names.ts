// What was sent of late, for the editor of funnels to suggest: read from counts, so the stream may be as long as it likes.
import type { EventNames } from '@admin-center/contracts/conversion-funnels';
import { EVENT_NAMES_CAP, STEP_TYPES } from '@admin-center/contracts/conversion-funnels';
import { sql } from 'kysely';
import type { Queryable } from '../../../platform/database.ts';

export async function readEventNames(database: Queryable, now: Date): Promise<EventNames> {
  const { rows } = await sql<EventNames['items'][number]>`
    SELECT type, name, sum(events)::bigint AS events FROM admin_center.event_count
    WHERE day > (${now}::timestamptz AT TIME ZONE 'UTC')::date - 30 AND type = ANY (${[...STEP_TYPES]}::text[]) AND name <> '' AND length(name) <= 100
    GROUP BY type, name
    HAVING sum(events) > 0
    ORDER BY sum(events) DESC, type, name
    LIMIT ${EVENT_NAMES_CAP}
  `.execute(database);
  return { items: rows };
}
