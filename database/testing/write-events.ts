// Writes events into the stream for tests, as plain as possible.
import type pg from 'pg';

export interface WrittenEvent {
  readonly person: string;
  readonly at: string;
  readonly known?: boolean;
  readonly qualifies?: boolean;
  readonly type?: string;
  readonly name?: string;
  readonly feature?: string | null;
  readonly tier?: string;
  readonly platform?: string;
  readonly version?: string;
  readonly receivedAt?: string;
}

/** A person's id for a small number. */
export const personId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export async function writeEvents(client: pg.Pool | pg.ClientBase, events: readonly WrittenEvent[]): Promise<void> {
  await client.query(
    `INSERT INTO admin_center.event (at, received_at, message_id, person_id, known, source, type, name, feature, qualifies, tier, platform, app_version)
     SELECT at, coalesce("receivedAt", now()), gen_random_uuid(), person, coalesce(known, true), 'segment', coalesce(type, 'track'), coalesce(name, 'Chat Sent'), feature,
       coalesce(qualifies, true), coalesce(tier, 'free'), coalesce(platform, 'web'), coalesce(version, 'unknown')
     FROM jsonb_to_recordset($1) AS e (person uuid, at timestamptz, known boolean, qualifies boolean, type text, name text, feature text, tier text, platform text, version text, "receivedAt" timestamptz)`,
    [JSON.stringify(events)],
  );
}
