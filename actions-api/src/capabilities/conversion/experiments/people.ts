// Users who were exposed to a variant, newest first. Anonymous visitors have no page to link to, so they are not listed.
import type { PersonRow } from '@admin-center/contracts/fields';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../../platform/cursor.ts';
import type { Queryable } from '../../../platform/database.ts';
import type { Experiment } from './experiment.ts';

const cursor = cursorOf('conversion:experiment-users', z.strictObject({ at: instantText, id: z.guid() }));

interface Row {
  readonly id: string;
  readonly email: string | null;
  readonly tier: PersonRow['tier'];
  readonly last_seen_at: Date | null;
  readonly position: string;
}

export async function listExposed(database: Queryable, { id }: Experiment, query: { readonly variant: string; readonly cursor?: string | undefined; readonly limit: number }): Promise<{ items: PersonRow[]; nextCursor: string | null }> {
  const after = query.cursor === undefined ? null : cursor.decode(query.cursor);
  const { rows } = await sql<Row>`
    SELECT e.person_id AS id, d.email, coalesce(d.tier, 'free') AS tier, d.last_seen_at, (e.first_at AT TIME ZONE 'UTC')::text || '+00' AS position
    FROM admin_center.exposure e LEFT JOIN admin_center.user_directory d ON d.user_id = e.person_id
    WHERE e.experiment = ${id} AND e.variant = ${query.variant} AND e.known
      AND ${after === null ? sql`TRUE` : sql`(e.first_at, e.person_id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY e.first_at DESC, e.person_id DESC LIMIT ${query.limit + 1}
  `.execute(database);
  const page = pageOf(rows, query.limit, (last) => cursor.encode({ at: last.position, id: last.id }));
  return { items: page.items.map((row) => ({ id: row.id, email: row.email, tier: row.tier, lastSeenAt: row.last_seen_at?.toISOString() ?? null })), nextCursor: page.nextCursor };
}
