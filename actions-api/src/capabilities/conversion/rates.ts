// Who starts to pay (D22), in both forms. By period: users whose first paid period for a tier started in the days, over the
// users who had the tier before at their beginning. By cohort: of those who signed up in the days and have had their time,
// who paid within it. Free is who pays nothing, trials with them; deleted accounts count nowhere.
import type { CONVERSION_SPLITS, ConversionRates, FROM_TIERS, TO_TIERS } from '@admin-center/contracts/conversion';
import { OTHER_GROUPS, SMALLEST_GROUP } from '@admin-center/contracts/conversion-funnels';
import { type RawBuilder, sql } from 'kysely';
import { type Database, type Queryable, readSnapshot } from '../../platform/database.ts';
import type { Days } from './funnels/persons.ts';
import { requireDays } from './funnels/result.ts';

const TIMEOUT_MS = 20_000;
const DAY_MS = 86_400_000;

export interface RatesQuery extends Days {
  readonly fromTier: (typeof FROM_TIERS)[number];
  readonly toTier?: (typeof TO_TIERS)[number] | undefined;
  readonly split: (typeof CONVERSION_SPLITS)[number];
  readonly matureDays: number;
}

interface Row {
  readonly everybody: boolean;
  readonly value: string | null;
  readonly users: number;
  readonly converted: number;
}

/** What they may convert to. */
const wanted = ({ fromTier, toTier }: RatesQuery): RawBuilder<unknown> =>
  toTier !== undefined ? sql`tier = ${toTier}` : fromTier === 'premium' ? sql`tier = 'enterprise'` : sql`tier <> 'free'`;

/** Of each user the first span of it; of two at once the higher tier. Grouped in the order of the index, nothing is sorted. */
const first = (query: RatesQuery): RawBuilder<unknown> => sql`
  SELECT user_id, least(premium, enterprise) AS started_at, CASE WHEN enterprise IS NULL OR premium < enterprise THEN 'premium' ELSE 'enterprise' END AS tier
  FROM (
    SELECT user_id, min(started_at) FILTER (WHERE tier = 'premium') AS premium, min(started_at) FILTER (WHERE tier = 'enterprise') AS enterprise
    FROM admin_center.paid_span WHERE ${wanted(query)} GROUP BY user_id
  ) AS span`;

/** How users are split, by `touch`, their first touch, and `tier`, what they convert to. */
const SPLITS = { none: sql`''::text`, tier: sql`coalesce(tier, '')`, country: sql`coalesce(touch.country, 'unknown')`, source: sql`coalesce(touch.source, 'unknown')`, feature: sql`coalesce(touch.feature, 'none')` } as const;

export async function readRates(database: Database, query: RatesQuery, asOf: Date): Promise<ConversionRates> {
  requireDays(query);
  return readSnapshot(database, TIMEOUT_MS, async (tx) => {
    const cohort = await readCohort(tx, query, asOf);
    return {
      from: query.from, to: query.to, asOf: asOf.toISOString(), fromTier: query.fromTier, toTier: query.toTier ?? null, matureDays: query.matureDays, split: query.split,
      period: ratesOf(await readPeriod(tx, query), query),
      cohort: { ...ratesOf(cohort.filter(({ month }) => month === null), query), cohorts: monthsOf(cohort.filter(({ month }) => month !== null), query, asOf) },
    };
  });
}

const start = ({ from }: Days) => sql`(${from}::timestamp AT TIME ZONE 'UTC')`;
const end = ({ to }: Days) => sql`((${to}::date + 1)::timestamp AT TIME ZONE 'UTC')`;
const touched = ({ split }: RatesQuery): RawBuilder<unknown> => (split === 'none' || split === 'tier' ? sql`` : sql`LEFT JOIN admin_center.first_touch touch ON touch.person_id = person.user_id`);

/** Users who could convert and users who did are found apart: who did not convert is no row of either. */
async function readPeriod(database: Queryable, query: RatesQuery): Promise<Row[]> {
  const paidThen = (tiers: RawBuilder<unknown>) => sql`(SELECT user_id FROM admin_center.paid_span WHERE ${tiers} AND started_at < ${start(query)} AND ended_at > ${start(query)})`;
  const base =
    query.fromTier === 'free'
      ? sql`SELECT d.user_id FROM admin_center.user_directory d WHERE d.state <> 'deleted' AND d.created_at < ${start(query)} AND NOT EXISTS (SELECT FROM ${paidThen(sql`tier <> 'free'`)} AS payer WHERE payer.user_id = d.user_id)`
      : sql`SELECT d.user_id FROM (SELECT user_id FROM ${paidThen(sql`tier = 'premium'`)} AS had EXCEPT SELECT user_id FROM ${paidThen(sql`tier = 'enterprise'`)} AS more) AS payer
            JOIN admin_center.user_directory d ON d.user_id = payer.user_id AND d.state <> 'deleted' AND d.created_at < ${end(query)}`;
  const had = query.fromTier === 'free' ? sql`TRUE` : sql`EXISTS (SELECT FROM admin_center.paid_span s WHERE s.user_id = paid.user_id AND s.tier = ${query.fromTier} AND s.started_at < paid.started_at)`;
  const { rows } = await sql<Row>`
    WITH person AS (
      SELECT user_id, NULL::text AS tier, FALSE AS is_converted FROM (${base}) AS base
      UNION ALL
      SELECT paid.user_id, paid.tier, TRUE
      FROM (${first(query)}) AS paid
      JOIN admin_center.user_directory d ON d.user_id = paid.user_id
      WHERE paid.started_at >= ${start(query)} AND paid.started_at < ${end(query)} AND d.state <> 'deleted' AND d.created_at < ${end(query)} AND ${had}
    )
    SELECT grouping(value) = 1 AS everybody, value, coalesce(sum(people) FILTER (WHERE NOT is_converted), 0)::bigint AS users, coalesce(sum(people) FILTER (WHERE is_converted), 0)::bigint AS converted
    FROM (SELECT is_converted, ${SPLITS[query.split]} AS value, count(*) AS people FROM person ${touched(query)} GROUP BY 1, 2) AS told
    GROUP BY GROUPING SETS ((), (value))
  `.execute(database);
  return rows;
}

/** Members of a cohort with the instant they joined it: their sign-up, or their first paid period of the tier before. */
const members = (query: RatesQuery): RawBuilder<unknown> =>
  query.fromTier === 'free'
    ? sql`SELECT user_id, created_at AS joined_at FROM admin_center.user_directory WHERE state <> 'deleted' AND created_at >= ${start(query)} AND created_at < ${end(query)}`
    : sql`SELECT s.user_id, s.started_at AS joined_at FROM admin_center.paid_span s JOIN admin_center.user_directory d ON d.user_id = s.user_id AND d.state <> 'deleted'
          WHERE s.tier = ${query.fromTier} AND s.started_at >= ${start(query)} AND s.started_at < ${end(query)}
            AND NOT EXISTS (SELECT FROM admin_center.paid_span earlier WHERE earlier.user_id = s.user_id AND earlier.tier = s.tier AND earlier.started_at < s.started_at)`;

interface CohortRow extends Row {
  readonly month: string | null;
  readonly joined: number;
  readonly joined_converted: number;
}

/** In one pass: everybody, groups, and months; the latter count also who has not had the time. Added up are groups, not users. */
async function readCohort(database: Queryable, query: RatesQuery, asOf: Date): Promise<CohortRow[]> {
  const patience = sql`make_interval(hours => ${query.matureDays * 24}::integer)`;
  const { rows } = await sql<CohortRow>`
    WITH member AS (${members(query)}),
    person AS (
      SELECT member.user_id, member.joined_at, paid.tier, paid.user_id IS NOT NULL AS is_converted, member.joined_at + ${patience} <= ${asOf} AS is_mature
      FROM member
      LEFT JOIN (${first(query)}) AS paid ON paid.user_id = member.user_id AND paid.started_at <= member.joined_at + ${patience} AND ${query.fromTier === 'free' ? sql`TRUE` : sql`paid.started_at > member.joined_at`}
    )
    SELECT
      grouping(value, month) = 3 AS everybody, value, month::text AS month,
      coalesce(sum(people) FILTER (WHERE is_mature), 0)::bigint AS users, coalesce(sum(people) FILTER (WHERE is_mature AND is_converted), 0)::bigint AS converted,
      coalesce(sum(people), 0)::bigint AS joined, coalesce(sum(people) FILTER (WHERE is_converted), 0)::bigint AS joined_converted
    FROM (
      SELECT is_mature, is_converted, date_trunc('month', joined_at AT TIME ZONE 'UTC')::date AS month, ${SPLITS[query.split]} AS value, count(*) AS people
      FROM person ${touched(query)} GROUP BY 1, 2, 3, 4
    ) AS told
    GROUP BY GROUPING SETS ((), (value), (month))
    ORDER BY month
  `.execute(database);
  return rows;
}

/** A month is matured once whoever signs up on its last day, or on the last day asked about, has had the time. */
function monthsOf(rows: readonly CohortRow[], { to, matureDays }: RatesQuery, asOf: Date): ConversionRates['cohort']['cohorts'] {
  const asked = Date.parse(to) + DAY_MS;
  return rows.map(({ month, joined, joined_converted: converted }) => {
    const [year, number] = (month as string).split('-').map(Number) as [number, number];
    const matured = Math.min(Date.UTC(year, number, 1), asked) + matureDays * DAY_MS <= asOf.getTime();
    return { month: month as string, users: joined, converted, matured, ratio: matured && joined > 0 ? converted / joined : null };
  });
}

const LARGEST_GROUPS = 20;
const rate = (value: string | null, users: number, converted: number) => ({ value, users, converted, ratio: users > 0 ? converted / users : null });

/** The tier somebody converts to splits who converted, not who could; other groups below five are told as one. */
function ratesOf(rows: readonly Row[], { split }: RatesQuery): ConversionRates['period'] {
  const everybody = rows.find((row) => row.everybody) ?? { users: 0, converted: 0 };
  const total = rate(null, everybody.users, everybody.converted);
  if (split === 'none') {
    return { total, groups: [] };
  }
  const found = rows.filter((row) => !row.everybody).toSorted((a, b) => b.users - a.users || b.converted - a.converted);
  if (split === 'tier') {
    return { total, groups: found.filter(({ value, converted }) => value !== '' && converted > 0).map(({ value, converted }) => rate(value, everybody.users, converted)) };
  }
  const large = found.filter(({ users }) => users >= SMALLEST_GROUP);
  const rest = [...large.slice(LARGEST_GROUPS), ...found.filter(({ users }) => users < SMALLEST_GROUP)];
  const others = rate(OTHER_GROUPS, rest.reduce((sum, { users }) => sum + users, 0), rest.reduce((sum, { converted }) => sum + converted, 0));
  return { total, groups: [...large.slice(0, LARGEST_GROUPS).map(({ value, users, converted }) => rate(value, users, converted)), ...(others.users >= SMALLEST_GROUP ? [others] : [])] };
}
