// SQL about the persons of a funnel: each counts once, by the best of their entries on the days asked about.
import type { FUNNEL_BREAKDOWNS } from '@admin-center/contracts/conversion-funnels';
import { type RawBuilder, sql } from 'kysely';

export type Breakdown = (typeof FUNNEL_BREAKDOWNS)[number];

export interface Days {
  readonly from: string;
  readonly to: string;
}

const COLUMNS = { tier: sql`tier`, country: sql`country`, platform: sql`platform`, device: sql`device`, source: sql`source`, none: sql`''::text` } as const;

/** Up to which hash of a person times are read, so that they cost the same however many entered. */
export const sampleOf = (entered: number): RawBuilder<unknown> => sql`admin_center.funnel_sample(${entered})`;

/** Rows (person_id, reached_at, depth, open, value): `open` says that they may still convert at `asOf`. */
export const personsOf = (funnelId: number, { from, to }: Days, breakdown: Breakdown, asOf: Date, sample: RawBuilder<unknown> | null = null): RawBuilder<unknown> => sql`
  SELECT DISTINCT ON (person_id) person_id, reached_at, cardinality(reached_at) AS depth, max(open_until) OVER (PARTITION BY person_id) > ${asOf} AS open, ${COLUMNS[breakdown]} AS value
  FROM admin_center.funnel_entry
  WHERE funnel_id = ${funnelId} AND ${sample === null ? sql`day BETWEEN ${from}::date AND ${to}::date` : sql`day = ANY (ARRAY(SELECT ${from}::date + n FROM generate_series(0, ${to}::date - ${from}::date) AS n)) AND uuid_hash(person_id) <= ${sample}`}
  ORDER BY person_id, cardinality(reached_at) DESC, reached_at[cardinality(reached_at)] - reached_at[1], day DESC
`;
