// Users at risk: active in many weeks, and quiet since.
import type { AtRiskRow } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, instantText, pageOf } from '../../platform/cursor.ts';
import type { Queryable } from '../../platform/database.ts';
import { type Paged, toPerson } from './people.ts';

/** Who went quiet earlier has left: they are no list to act on any more. */
const FORGOTTEN_DAYS = 90;

const riskCursor = cursorOf('engagement:at-risk', z.strictObject({ at: instantText, id: z.guid() }));

interface Row {
  readonly id: string;
  readonly email: string | null;
  readonly tier: AtRiskRow['tier'];
  readonly last_seen_at: Date | null;
  readonly last_at: Date;
  readonly weeks: number;
  readonly position: string;
}

/** Who went quiet last comes first: they are the easiest to win back. */
export async function listAtRisk(
  database: Queryable,
  { quietDays, weeks, tier, cursor, limit }: Paged & { readonly quietDays: number; readonly weeks: number; readonly tier?: string | undefined },
  now: Date,
): Promise<{ items: AtRiskRow[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : riskCursor.decode(cursor);
  const { rows } = await sql<Row>`
    SELECT p.person_id AS id, d.email, coalesce(d.tier, 'free') AS tier, d.last_seen_at, p.last_at, p.last_at::text AS position, lived.weeks
    FROM admin_center.person p
    LEFT JOIN admin_center.user_directory d ON d.user_id = p.person_id
    CROSS JOIN LATERAL (
      -- The 12 weeks up to their last day, counted back from it.
      SELECT count(DISTINCT ((p.last_at AT TIME ZONE 'UTC')::date - a.day) / 7)::integer AS weeks
      FROM admin_center.active_day a
      WHERE a.person_id = p.person_id AND a.day > (p.last_at AT TIME ZONE 'UTC')::date - 84
    ) AS lived
    WHERE p.last_at <= ${now}::timestamptz - ${quietDays}::integer * interval '24 hours'
      AND p.last_at > ${now}::timestamptz - ${quietDays + FORGOTTEN_DAYS}::integer * interval '24 hours'
      AND lived.weeks >= ${weeks}
      AND ${tier === undefined ? sql`TRUE` : sql`coalesce(d.tier, 'free') = ${tier}`}
      AND ${after === null ? sql`TRUE` : sql`(p.last_at, p.person_id) < (${after.at}::timestamptz, ${after.id}::uuid)`}
    ORDER BY p.last_at DESC, p.person_id DESC LIMIT ${limit + 1}
  `.execute(database);
  const { items, nextCursor } = pageOf(rows, limit, ({ position, id }) => riskCursor.encode({ at: position, id }));
  return { items: items.map((row) => ({ ...toPerson(row), lastActiveAt: row.last_at.toISOString(), activeWeeks: row.weeks })), nextCursor };
}
