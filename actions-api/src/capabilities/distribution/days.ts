// Which days a question is about, and how much may be read to answer it.
import type { Window } from '@admin-center/contracts/distribution-places';
import { sql } from 'kysely';
import { AppError } from '../../platform/errors.ts';
import type { Queryable } from '../../platform/database.ts';

/** Rows of `active_day` that a question on demand may look through. */
export const MOST_READ = 2_000_000;
/** Of those, rows of the cell it filters by, which are taken apart. */
export const MOST_MATCHED = 200_000;

export interface Days {
  /** The last one. */
  readonly day: string;
  readonly window: Window;
}

export const daysIn = (window: Window): number => Number.parseInt(window, 10);

const isoDay = (at: Date): string => at.toISOString().slice(0, 10);

/** @throws AppError 422 for a day that has not begun */
export function daysOf({ day, window }: { readonly day?: string | undefined; readonly window: Window }, now: Date): Days {
  if (day !== undefined && day > isoDay(now)) {
    throw new AppError('day_in_future', 422, `${day} has not begun yet (UTC). Choose a day up to ${isoDay(now)}.`);
  }
  return { window, day: day ?? isoDay(new Date(now.getTime() - 86_400_000)) };
}

/** Days of users of a cell in the window, from the counts: what a question on demand would have to read. */
export async function userDays(database: Queryable, { day, window }: Days, dimension: string, value: string): Promise<number> {
  const { rows } = await sql<{ users: number }>`
    SELECT coalesce(sum(d.users), 0)::float8 AS users FROM admin_center.active_users_day d
    WHERE d.value = (SELECT id FROM admin_center.dimension_value WHERE dimension = ${dimension} AND value = ${value}) AND d.day > ${day}::date - ${daysIn(window)}::integer AND d.day <= ${day}::date
  `.execute(database);
  return rows[0]?.users ?? 0;
}

/** @throws AppError 422 when the answer would take too long */
export async function requireFew(database: Queryable, days: Days, cell: { readonly dimension: string; readonly value: string }): Promise<void> {
  const [read, matched] = [await userDays(database, days, 'all', 'all'), await userDays(database, days, cell.dimension, cell.value)];
  if (read > MOST_READ || matched > MOST_MATCHED) {
    throw new AppError('window_too_large', 422, `A filter reads users day by day, and ${Math.max(read, matched).toLocaleString('en')} days of users within ${days.window} are too many. Choose a shorter window.`);
  }
}
