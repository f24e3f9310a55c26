// Retention of any pair of events, computed now from the stream: for questions nobody asks twice. Bounded in range and
// time; who began before the range is taken to begin with their first such event in it.
import { sql, type RawBuilder } from 'kysely';
import { limitStatements, type Tx } from '../../platform/database.ts';
import { AppError, unavailable } from '../../platform/errors.ts';
import { dayOf, daysBetween, type Interval } from './days.ts';
import { OWN_DAYS, type RetentionCount, type RetentionQuery } from './retention-query.ts';

const MOST_DAYS = 190;
const TIMEOUT_MS = 7_000;

type Pair = Pick<RetentionQuery, 'eventIn' | 'eventBack' | 'basis' | 'interval'>;

/** @throws AppError 400 for a range that is too long, 503 when it takes too long all the same */
export async function readStream(tx: Tx, query: Pair, from: string, now: Date): Promise<readonly RetentionCount[]> {
  requireBounded(from, now);
  await limitStatements(tx, TIMEOUT_MS);
  const { rows } = await sql<RetentionCount>`
    WITH ${returns(query, from, now)},
    latest AS (SELECT person_id, cohort, n, n = max(n) OVER (PARTITION BY person_id) AS last FROM returned)
    SELECT cohort::text AS cohort, n::integer AS n, count(*)::integer AS active, (count(*) FILTER (WHERE last))::integer AS last
    FROM latest GROUP BY cohort, n
  `.execute(tx).catch((error: unknown) => {
    throw (error as { code?: string }).code === '57014' ? unavailable('took_too_long', 'This pair of events takes too long to compute. Ask for fewer cohorts.', 5, error) : error;
  });
  return rows;
}

export function requireBounded(from: string, now: Date): void {
  if (daysBetween(from, dayOf(now)) > MOST_DAYS) {
    const message = `A chosen pair of events is computed from the stream, which reaches back ${MOST_DAYS} days. Ask for fewer cohorts.`;
    throw new AppError('query_invalid', 400, message, { errors: [{ path: 'query.cohorts', message }] });
  }
}

/** `returned`: each user with their cohort and each interval they were back in; 0 is the one they began in. */
export const returns = ({ eventIn, eventBack, basis, interval }: Pair, from: string, now: Date): RawBuilder<unknown> => {
  const within = sql`known AND at >= ${from}::date::timestamp AT TIME ZONE 'UTC' AND at <= ${now}`;
  const start = eventIn === undefined
    ? sql`SELECT person_id, first_at FROM admin_center.person WHERE first_at >= ${from}::date::timestamp AT TIME ZONE 'UTC' AND first_at <= ${now}`
    : sql`SELECT person_id, min(at) AS first_at FROM admin_center.event WHERE ${within} AND name = ${eventIn} GROUP BY person_id`;
  const back = eventBack === undefined ? sql`qualifies` : sql`name = ${eventBack}`;
  return sql`
    started AS MATERIALIZED (${start}),
    returned AS MATERIALIZED (
      SELECT person_id, ${cohortDay(interval, sql`first_at`)} AS cohort, 0 AS n FROM started
      UNION
      SELECT e.person_id, ${cohortDay(interval, sql`s.first_at`)}, ${distance(basis, interval)}
      FROM started s JOIN admin_center.event e ON e.person_id = s.person_id AND e.at > s.first_at
      WHERE ${within} AND ${back}
    )`;
};

const utc = (at: RawBuilder<unknown>) => sql`(${at} AT TIME ZONE 'UTC')`;
const cohortDay = (interval: Interval, at: RawBuilder<unknown>) => sql`date_trunc(${interval}, ${utc(at)})::date`;

function distance(basis: Pair['basis'], interval: Interval): RawBuilder<unknown> {
  if (basis === 'own') {
    return sql`floor(date_part('epoch', e.at - s.first_at) / ${OWN_DAYS[interval] * 86_400}::integer)::integer`;
  }
  if (interval === 'month') {
    return sql`((date_part('year', ${utc(sql`e.at`)}) - date_part('year', ${utc(sql`s.first_at`)})) * 12 + date_part('month', ${utc(sql`e.at`)}) - date_part('month', ${utc(sql`s.first_at`)}))::integer`;
  }
  return sql`((${cohortDay(interval, sql`e.at`)} - ${cohortDay(interval, sql`s.first_at`)}) / ${interval === 'week' ? 7 : 1}::integer)`;
}
