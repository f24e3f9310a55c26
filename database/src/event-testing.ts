// Events for tests, as they stand in the stream, rolled up at once.
import type pg from 'pg';
import { rollUpEverything } from './roll-up.ts';

export interface RecordedEvent {
  readonly person: string;
  readonly at: Date;
  readonly name?: string;
  readonly type?: 'track' | 'page';
  /** Whether the person is a user of the host; default true. */
  readonly known?: boolean;
  /** Default: track events do. */
  readonly qualifies?: boolean;
  readonly feature?: string;
  readonly tier?: string;
  readonly country?: string;
  readonly platform?: string;
}

export async function recordEvents(pool: pg.Pool, events: readonly RecordedEvent[]): Promise<void> {
  const days = events.map(({ at }) => at.toISOString().slice(0, 10)).toSorted();
  await pool.query('SELECT admin_center.ensure_event_partitions($1, $2)', [days[0], days.at(-1)]);
  const rows = events.map(({ person, at, name = 'Worked', type = 'track', known = true, qualifies = type === 'track', feature = null, tier = 'free', country = 'unknown', platform = 'desktop' }) =>
    ({ person_id: person, at, name, type, known, qualifies, feature, tier, country, platform }));
  await pool.query(
    `INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, platform)
     SELECT at, gen_random_uuid(), person_id, known, 'sdk', type, name, feature, qualifies, tier, country, platform
     FROM jsonb_to_recordset($1) AS e (at timestamptz, person_id uuid, known boolean, type text, name text, feature text, qualifies boolean, tier text, country text, platform text)`,
    [JSON.stringify(rows)],
  );
  await rollUpEverything(pool);
}
