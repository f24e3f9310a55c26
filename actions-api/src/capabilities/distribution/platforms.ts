// Use by platform. Users come from counts; sessions and users of several platforms are counted on demand, while they are few.
import type { PlatformUse } from '@admin-center/contracts/distribution';
import { PLATFORMS } from '@admin-center/contracts/distribution-places';
import { sql } from 'kysely';
import { type Database, type Queryable, readSnapshot } from '../../platform/database.ts';
import { type Days, daysIn, MOST_READ, userDays } from './days.ts';
import { readCells, readTotal } from './store.ts';

const PATIENCE_MS = 8_000;

export const readPlatforms = (database: Database, days: Days): Promise<PlatformUse> =>
  readSnapshot(database, PATIENCE_MS, async (tx) => {
    const cells = (await readCells(tx, days)).filter(({ dimension }) => dimension === 'platform');
    const sessions = (await countSessions(tx, days)) > MOST_READ ? null : await readSessions(tx, days);
    return {
      ...days,
      rows: PLATFORMS.map((platform) => {
        const of = sessions?.find((row) => row.platform === platform);
        return { platform, users: cells.find(({ value }) => value === platform)?.users ?? 0, sessions: sessions === null ? null : (of?.sessions ?? 0), medianSeconds: of?.median ?? null };
      }),
      several: (await userDays(tx, days, 'all', 'all')) > MOST_READ ? null : await readSeveral(tx, days),
      total: await readTotal(tx, days),
      paths: await readPaths(tx, days),
    };
  });

const started = ({ day, window }: Days) => sql`day > ${day}::date - ${daysIn(window)}::integer AND day <= ${day}::date`;

async function countSessions(tx: Queryable, days: Days): Promise<number> {
  const { rows } = await sql<{ sessions: number }>`SELECT coalesce(sum(sessions), 0)::float8 AS sessions FROM admin_center.session_count WHERE ${started(days)}`.execute(tx);
  return rows[0]?.sessions ?? 0;
}

async function readSessions(tx: Queryable, { day, window }: Days): Promise<{ platform: string; sessions: number; median: number }[]> {
  const { rows } = await sql<{ platform: string; sessions: number; median: number }>`
    SELECT platform, count(*)::integer AS sessions, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at)::float8) AS median
    FROM admin_center.usage_session
    WHERE started_at >= (${day}::date - ${daysIn(window) - 1}::integer)::timestamp AT TIME ZONE 'UTC' AND started_at < (${day}::date + 1)::timestamp AT TIME ZONE 'UTC'
    GROUP BY 1
  `.execute(tx);
  return rows;
}

/** A client that does not say what it is, is not one more platform. */
async function readSeveral(tx: Queryable, { day, window }: Days): Promise<number> {
  const { rows: platforms } = await sql<{ id: number }>`SELECT id FROM admin_center.dimension_value WHERE dimension = 'platform' AND value <> 'unknown'`.execute(tx);
  if (platforms.length < 2) {
    return 0;
  }
  const seen = sql.join(platforms.map(({ id }) => sql`bool_or(a."values" @> ARRAY[${id}::integer])::integer`), sql` + `);
  const { rows } = await sql<{ users: number }>`
    SELECT count(*)::integer AS users FROM (
      SELECT a.person_id FROM admin_center.active_day a WHERE a.day > ${day}::date - ${daysIn(window)}::integer AND a.day <= ${day}::date
      GROUP BY 1 HAVING ${seen} > 1
    ) AS several
  `.execute(tx);
  return rows[0]?.users ?? 0;
}

async function readPaths(tx: Queryable, days: Days): Promise<{ from: string; to: string; sessions: number }[]> {
  const { rows } = await sql<{ from: string; to: string; sessions: number }>`
    SELECT from_platform AS "from", to_platform AS "to", sum(sessions)::integer AS sessions FROM admin_center.platform_change_count
    WHERE ${started(days)} GROUP BY 1, 2 HAVING sum(sessions) > 0 ORDER BY 3 DESC, 1, 2
  `.execute(tx);
  return rows;
}
