// A stream of events for benchmarks, written by SQL alone: 180 days, users who join over time and come ever more rarely, a
// fifth of the events page views, two in a hundred up to three days late.
import type pg from 'pg';

export const DAYS = 180;
/** What the chances below come to. */
const EVENTS_PER_USER = 176;
const EVENTS_PER_TRANSACTION = 50_000;

export const usersOf = (events: number): number => Math.round(events / EVENTS_PER_USER);

/** A number from 0 to below 1 that is always the same for the same place. */
const draw = (place: string): string => `((hashint8extended(u, ${place}) & 2147483647) / 2147483648.0)`;

const COLUMNS = 'at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version';

/** What user u does: the columns but for the first two. */
const PROFILE = `
  md5('user ' || u)::uuid, true, 'demo',
  CASE WHEN page THEN 'page' ELSE 'track' END, CASE WHEN page THEN 'Pricing' ELSE 'Event ' || kind END,
  CASE WHEN NOT page AND kind <= 40 AND kind % 2 = 0 THEN 'feature-' || kind END, NOT page,
  CASE WHEN ${draw('-2')} < 0.1 THEN CASE WHEN u % 10 = 0 THEN 'enterprise' ELSE 'premium' END ELSE 'free' END,
  chr(65 + (power(${draw('-3')}, 3) * 12)::integer) || chr(65 + (power(${draw('-4')}, 3) * 12)::integer), NULL,
  CASE WHEN u % 3 = 0 OR u % 7 = 0 AND burst % 2 = 0 THEN 'desktop' ELSE 'web' END, CASE WHEN u % 11 = 0 THEN 'mobile' ELSE 'desktop' END,
  (ARRAY['Windows', 'macOS', 'Linux', 'Android'])[1 + u % 4], (ARRAY['Chrome', 'Firefox', 'Safari'])[1 + u % 3], '2.' || d / 12 || '.' || u % 3`;

/**
 * Over two connections of the pool at a time, so not quite in order. The index by person is made afterwards: its places are
 * random, and adding to it takes longer than all else. @param stop when the stream ends
 */
export async function writeStream(pool: pg.Pool, events: number, stop: Date): Promise<number> {
  const users = usersOf(events);
  const chunks = Math.max(1, Math.ceil(events / DAYS / EVENTS_PER_TRANSACTION));
  const start = new Date(stop.getTime() - DAYS * 86_400_000);
  await pool.query('SELECT admin_center.ensure_event_partitions($1::date - 7, $2::date + 7)', [start, stop]);
  await pool.query('DROP INDEX admin_center.event_person');
  const parts = Array.from({ length: DAYS * chunks }, (_, n) => ({ day: Math.floor(n / chunks), chunk: n % chunks })).values();
  const write = async (): Promise<number> => {
    let written = 0;
    for (const { day, chunk } of parts) {
      const { rowCount } = await pool.query(
        `INSERT INTO admin_center.event (${COLUMNS})
         SELECT $1::timestamptz + (d - CASE WHEN late < 0.02 THEN 1 + (late * 149)::integer ELSE 0 END) * interval '1 day' + (burst * 7 + ${draw('d * 1000 + 1')} * 9) * interval '1 hour' + k * interval '2 minutes 7 seconds',
           gen_random_uuid(), ${PROFILE}
         FROM (SELECT $2::integer AS d) day
         CROSS JOIN generate_series($3::bigint, $4::bigint, $5::bigint) u
         CROSS JOIN LATERAL (SELECT d - floor(${draw('-1')} * (${DAYS} + 60))::integer + 60 AS age) joined
         CROSS JOIN generate_series(0, 1) burst
         CROSS JOIN LATERAL generate_series(1, CASE WHEN burst = 0 THEN 2 ELSE -2 END + (${draw('d * 1000 + 2')} * 10)::integer) k
         CROSS JOIN LATERAL (SELECT ${draw('d * 1000 + 10 + burst * 40 + k')} AS late, ${draw('d * 1000 + 100 + burst * 40 + k')} < 0.2 AS page, 1 + (power(${draw('d * 1000 + 200 + burst * 40 + k')}, 2) * 60)::integer AS kind) drawn
         WHERE age >= 0 AND ${draw('d * 1000')} < 0.62 / (1 + age / 12.0) * (0.2 + 2 * ${draw('-5')})`,
        [start, day, chunk + 1, users, chunks],
      );
      written += rowCount ?? 0;
    }
    return written;
  };
  const [one, other] = await Promise.all([write(), write()]);
  await pool.query('CREATE INDEX event_person ON admin_center.event (person_id, at)');
  return one + other;
}

/** How many days writeNews takes: a user is active once a day, so where there are few they come on several. */
export const daysOfNews = (events: number, users: number): number => Math.ceil(events / 10 / users);

/** New events as traffic brings them: a tenth as many users' days as events, each with a session of ten. @param run picks other users each time */
export async function writeNews(pool: pg.Pool, events: number, users: number, at: Date, run: number): Promise<void> {
  await pool.query(
    `INSERT INTO admin_center.event (${COLUMNS})
     SELECT $1::timestamptz + (n - 1) / $3::integer * interval '1 day' + k * interval '1 minute', gen_random_uuid(), ${PROFILE}
     FROM (SELECT ${DAYS} AS d, 0 AS burst) day
     CROSS JOIN generate_series(1, $2::integer / 10) n
     CROSS JOIN LATERAL (SELECT 1 + (n * 7919::bigint + $4 * 104729::bigint) % $3 AS u) who
     CROSS JOIN generate_series(1, 10) k
     CROSS JOIN LATERAL (SELECT k % 5 = 0 AS page, 1 + (power(${draw('k')}, 2) * 60)::integer AS kind) drawn`,
    [at, events, users, run],
  );
}
