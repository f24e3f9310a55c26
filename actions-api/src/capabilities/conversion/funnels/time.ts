// How long conversion takes (D10): quantiles of those who converted, and the Kaplan-Meier estimate over all who entered, in
// which whoever has not converted counts for as long as they were followed: to now, or to the end of their window.
import type { FunnelTime } from '@admin-center/contracts/conversion-funnels';
import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '../../../platform/database.ts';

const CURVE_POINTS = 100;
/** Seconds at which bars of the histogram begin, about logarithmic and in units people read. */
export const HISTOGRAM_EDGES = [0, 10, 30, 60, 180, 600, 1_800, 3_600, 10_800, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000, 7_776_001] as const;

interface Row {
  readonly persons: number;
  readonly medians: Readonly<Record<string, number>> | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly longest: number | null;
  readonly median: number | null;
  readonly curve: FunnelTime['curve'] | null;
  readonly histogram: Readonly<Record<string, number>> | null;
}

/** `medians` from each step to the next, null for the first. @param persons rows as of personsOf, @param entered how many of them there would be without a sample */
export async function readTime(database: Queryable, persons: RawBuilder<unknown>, entered: number, steps: number, windowSeconds: number, asOf: Date): Promise<{ time: FunnelTime; medians: (number | null)[] }> {
  const { rows } = await sql<Row>`
    WITH person AS MATERIALIZED (${persons}),
    followed AS MATERIALIZED (
      SELECT
        depth = ${steps} AS converted,
        extract(epoch FROM CASE WHEN depth = ${steps} THEN reached_at[${steps}::integer] ELSE least(${asOf}::timestamptz, reached_at[1] + make_interval(secs => ${windowSeconds})) END - reached_at[1])::double precision AS seconds
      FROM person
    ),
    -- At equal times those who convert do so before the others are lost sight of.
    risk AS (
      SELECT seconds, count(*) FILTER (WHERE converted) AS events, sum(count(*)) OVER (ORDER BY seconds DESC)::bigint AS at_risk FROM followed GROUP BY seconds
    ),
    estimate AS (
      SELECT
        seconds, at_risk,
        CASE WHEN bool_or(events = at_risk) OVER life THEN 0 ELSE exp(sum(ln(1 - least(events, at_risk - 1)::double precision / at_risk)) OVER life) END AS survival,
        row_number() OVER life AS number, count(*) OVER () AS points
      FROM risk
      WHERE events > 0
      WINDOW life AS (ORDER BY seconds)
    )
    SELECT
      (SELECT count(*) FROM followed) AS persons,
      (SELECT json_object_agg(step, median) FROM (
         SELECT step, extract(epoch FROM percentile_disc(0.5) WITHIN GROUP (ORDER BY reached_at[step] - reached_at[step - 1]))::double precision AS median
         FROM person CROSS JOIN LATERAL generate_series(2, depth) AS step GROUP BY step
       ) AS stepped) AS medians,
      (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) FROM followed WHERE converted) AS p50,
      (SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds) FROM followed WHERE converted) AS p90,
      (SELECT max(seconds) FROM followed WHERE converted) AS longest,
      (SELECT min(seconds) FROM estimate WHERE survival <= 0.5 + 1e-12) AS median,
      (SELECT json_agg(json_build_object('seconds', seconds, 'converted', 1 - survival, 'atRisk', at_risk) ORDER BY seconds)
       FROM estimate WHERE number % greatest(1, points / ${CURVE_POINTS}) = 0 OR number = points OR number = 1) AS curve,
      (SELECT json_object_agg(bucket, users) FROM (
         SELECT width_bucket(seconds, ${[...HISTOGRAM_EDGES]}::double precision[]) AS bucket, count(*) AS users FROM followed WHERE converted GROUP BY bucket
       ) AS counted) AS histogram
  `.execute(database);
  const row = rows[0] as Row;
  const filled = Object.keys(row.histogram ?? {}).map(Number);
  const time = {
    sampledPersons: row.persons < entered ? row.persons : null,
    p50: row.p50, p90: row.p90, longest: row.longest, median: row.median, curve: row.curve ?? [],
    histogram: HISTOGRAM_EDGES.slice(0, -1).map((from, index) => ({ from, to: HISTOGRAM_EDGES[index + 1] as number, users: row.histogram?.[index + 1] ?? 0 }))
      .slice(Math.max(0, Math.min(...filled) - 1), filled.length === 0 ? 0 : Math.max(...filled)),
  };
  return { time, medians: Array.from({ length: steps }, (_, index) => row.medians?.[index + 1] ?? null) };
}
