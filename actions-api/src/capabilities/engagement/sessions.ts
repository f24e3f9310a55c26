// Sessions (D3): how long they last, never as a mean alone, and how often users start one. Counts of rollups only.
import type { Sessions } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { addDays, dayOf, requireRange, startOf } from './days.ts';

/** Where the bars of the histogram begin; below a second is a single event. */
const BOUNDS = [0, 1, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 28_800] as const;

interface Weight {
  readonly value: number;
  readonly times: number;
}

export async function readSessions(database: Queryable, query: { readonly from: string; readonly to: string }, now: Date): Promise<Sessions> {
  requireRange(query);
  const durations = await readDurations(database, query);
  const weeks = completeWeeks(query, dayOf(now));
  const frequency = await readFrequency(database, weeks);
  const perWeek = frequency.filter(({ measure }) => measure === 'sessions');
  const activeDays = frequency.filter(({ measure }) => measure === 'active_days');
  const sessions = total(durations);
  return {
    sessions,
    users: total(activeDays),
    p50Seconds: percentile(durations, 0.5),
    p90Seconds: percentile(durations, 0.9),
    singleEventShare: sessions === 0 ? null : total(durations.filter(({ value }) => value === 0)) / sessions,
    histogram: BOUNDS.map((fromSeconds, index) => {
      const toSeconds = BOUNDS[index + 1] ?? null;
      return { fromSeconds, toSeconds, sessions: total(durations.filter(({ value }) => value >= fromSeconds && (toSeconds === null || value < toSeconds))) };
    }),
    perUserWeek: { p50: percentile(perWeek, 0.5), p90: percentile(perWeek, 0.9) },
    activeDays: [1, 2, 3, 4, 5, 6, 7].map((days) => ({ days, users: total(activeDays.filter(({ value }) => value === days)) })),
    weeks,
  };
}

const total = (weights: readonly Weight[]): number => weights.reduce((sum, { times }) => sum + times, 0);

/** The smallest value that at least this share does not exceed (percentile_disc). @param weights ascending by value */
export function percentile(weights: readonly Weight[], share: number): number | null {
  let rest = Math.max(1, Math.ceil(share * total(weights)));
  for (const { value, times } of weights) {
    rest -= times;
    if (rest <= 0) {
      return value;
    }
  }
  return null;
}

/** Weeks from Monday that lie in the range and are over. */
function completeWeeks({ from, to }: { readonly from: string; readonly to: string }, today: string): string[] {
  const weeks: string[] = [];
  const first = startOf('week', addDays(from, 6));
  for (let week = first; addDays(week, 6) <= to && addDays(week, 7) <= today; week = addDays(week, 7)) {
    weeks.push(week);
  }
  return weeks;
}

async function readDurations(database: Queryable, { from, to }: { readonly from: string; readonly to: string }): Promise<readonly Weight[]> {
  const { rows } = await sql<Weight>`
    SELECT seconds AS value, sum(sessions)::integer AS times FROM admin_center.session_count
    WHERE day BETWEEN ${from} AND ${to} GROUP BY seconds ORDER BY seconds
  `.execute(database);
  return rows;
}

async function readFrequency(database: Queryable, weeks: readonly string[]): Promise<readonly (Weight & { readonly measure: 'sessions' | 'active_days' })[]> {
  const { rows } = await sql<Weight & { readonly measure: 'sessions' | 'active_days' }>`
    SELECT measure, quantity AS value, sum(users)::integer AS times FROM admin_center.frequency_count
    WHERE week = ANY (${[...weeks]}::date[]) GROUP BY measure, quantity ORDER BY measure, quantity
  `.execute(database);
  return rows;
}
