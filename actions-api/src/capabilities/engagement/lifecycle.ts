// Where the users of an interval come from (D5), and the churn of activity.
import type { Lifecycle } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { dayOf, type Interval, requireRange, shift, startOf } from './days.ts';
import { definedBy } from './definitions.ts';

interface Counted {
  readonly new: number;
  readonly returning: number;
  readonly resurrected: number;
}
const NOBODY: Counted = { new: 0, returning: 0, resurrected: 0 };
const activeOf = (counted: Counted): number => counted.new + counted.returning + counted.resurrected;

export async function readLifecycle(database: Queryable, query: { readonly from: string; readonly to: string; readonly interval: Interval }, now: Date): Promise<Lifecycle> {
  requireRange(query);
  const { interval } = query;
  const first = startOf(interval, query.from);
  const today = dayOf(now);
  const last = startOf(interval, query.to < today ? query.to : today);
  const counted = await readCounts(database, interval, shift(interval, first, -1), last);
  const items: Lifecycle['items'] = [];
  for (let startsOn = first; startsOn <= last; startsOn = shift(interval, startsOn, 1)) {
    const here = counted.get(startsOn) ?? NOBODY;
    const before = activeOf(counted.get(shift(interval, startsOn, -1)) ?? NOBODY);
    const complete = shift(interval, startsOn, 1) <= today;
    const dormant = before - here.returning;
    items.push({ startsOn, complete, ...here, dormant, active: activeOf(here), churn: complete && before > 0 ? dormant / before : null });
  }
  return { definition: await definedBy(database), interval, items };
}

async function readCounts(database: Queryable, interval: Interval, from: string, to: string): Promise<Map<string, Counted>> {
  const { rows } = await sql<{ startsOn: string } & Counted>`
    SELECT starts_on::text AS "startsOn",
      coalesce(sum(users) FILTER (WHERE state = 'new'), 0)::integer AS new,
      coalesce(sum(users) FILTER (WHERE state = 'returning'), 0)::integer AS returning,
      coalesce(sum(users) FILTER (WHERE state = 'resurrected'), 0)::integer AS resurrected
    FROM admin_center.lifecycle_count
    WHERE "interval" = ${interval} AND starts_on BETWEEN ${from} AND ${to}
    GROUP BY starts_on
  `.execute(database);
  return new Map(rows.map(({ startsOn, ...counted }) => [startsOn, counted]));
}
