// Retention (D4): of those who began in a cohort's interval, who came back on the n-th after it, or on it or later. A cell
// whose interval has not ended is blank, not low; the overall line is weighted and counts whole cells only.
import type { Retention } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import type { Queryable, Tx } from '../../platform/database.ts';
import { addDays, dayOf, shift, startOf } from './days.ts';
import { definedBy } from './definitions.ts';
import { OWN_DAYS, type RetentionCount, type RetentionQuery } from './retention-query.ts';
import { readStream } from './retention-stream.ts';

export async function readRetention(database: Tx, query: RetentionQuery, now: Date): Promise<Retention> {
  const today = dayOf(now);
  const latest = startOf(query.interval, today);
  const starts = Array.from({ length: query.cohorts }, (_, index) => shift(query.interval, latest, index + 1 - query.cohorts));
  const chosen = query.eventIn !== undefined || query.eventBack !== undefined;
  const counts = chosen ? await readStream(database, query, starts[0] as string, now) : await readCounts(database, query, starts[0] as string);
  const cohorts = starts.map((cohort) => cohortOf(query, cohort, counts.filter((count) => count.cohort === cohort), now));
  return { definition: await definedBy(database), source: chosen ? 'stream' : 'rollup', mode: query.mode, basis: query.basis, interval: query.interval, cohorts, overall: overallOf(cohorts) };
}

function cohortOf(query: Pick<RetentionQuery, 'basis' | 'interval' | 'mode'>, cohort: string, counts: readonly RetentionCount[], now: Date): Retention['cohorts'][number] {
  const users = counts.find(({ n }) => n === 0)?.active ?? 0;
  const cells: Retention['cohorts'][number]['cells'] = [];
  for (let n = 0; hasBegun(query, cohort, n, now); n += 1) {
    const value = hasEnded(query, cohort, n, now) ? usersAt(query.mode, counts, n) : null;
    cells.push({ n, users: value, ratio: value === null || users === 0 ? null : value / users });
  }
  return { cohort, users, cells };
}

const usersAt = (mode: RetentionQuery['mode'], counts: readonly RetentionCount[], at: number): number =>
  mode === 'bounded' ? (counts.find(({ n }) => n === at)?.active ?? 0) : counts.reduce((sum, { n, last }) => (n >= at ? sum + last : sum), 0);

/** When the n-th interval is over for every user of the cohort; on the basis of their own start, for the latest of them. */
export function hasEnded({ basis, interval }: Pick<RetentionQuery, 'basis' | 'interval'>, cohort: string, n: number, now: Date): boolean {
  const end = basis === 'calendar' ? shift(interval, cohort, n + 1) : addDays(shift(interval, cohort, 1), (n + 1) * OWN_DAYS[interval]);
  return Date.parse(end) <= now.getTime();
}

/** For the first of them. */
function hasBegun({ basis, interval }: Pick<RetentionQuery, 'basis' | 'interval'>, cohort: string, n: number, now: Date): boolean {
  const start = basis === 'calendar' ? shift(interval, cohort, n) : addDays(cohort, n * OWN_DAYS[interval]);
  return Date.parse(start) <= now.getTime();
}

function overallOf(cohorts: Retention['cohorts']): Retention['overall'] {
  const length = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
  return Array.from({ length }, (_, n) => {
    const whole = cohorts.flatMap(({ users: of, cells }) => (typeof cells[n]?.users === 'number' ? [{ of, users: cells[n].users }] : []));
    const of = whole.reduce((sum, cell) => sum + cell.of, 0);
    const users = whole.reduce((sum, cell) => sum + cell.users, 0);
    return { n, users, of, ratio: of === 0 ? null : users / of };
  });
}

async function readCounts(database: Queryable, { basis, interval }: RetentionQuery, from: string): Promise<readonly RetentionCount[]> {
  const { rows } = await sql<RetentionCount>`
    SELECT cohort::text AS cohort, n, active, last FROM admin_center.retention_count
    WHERE basis = ${basis} AND "interval" = ${interval} AND cohort >= ${from}
  `.execute(database);
  return rows;
}
