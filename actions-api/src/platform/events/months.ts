// The months of the stream that rows go into. The worker makes them ahead of time; where none runs, or it came too late,
// they are made when they are needed.
import type pg from 'pg';
import { unavailable } from '../errors.ts';

const CHECK_VIOLATION = '23514';

/** Tries again after making the months that were missing. @throws AppError 503 when they cannot be made */
export async function withMonths<T>(pool: pg.Pool, rows: readonly { readonly at: number }[], insert: () => Promise<T>): Promise<T> {
  try {
    return await insert();
  } catch (error) {
    if ((error as { code?: unknown }).code !== CHECK_VIOLATION || !/no partition/.test((error as Error).message)) {
      throw error;
    }
    const days = rows.map(({ at }) => new Date(at).toISOString().slice(0, 10)).toSorted();
    await pool.query('SELECT admin_center.ensure_event_partitions($1, $2)', [days.at(0), days.at(-1)]).catch((cause: unknown) => {
      throw unavailable('events_without_month', 'The database has no room for events of this month yet, and it could not be made. Keep this and send it again.', 30, cause);
    });
    return insert();
  }
}
