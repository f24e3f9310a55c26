// Mirrors what the host's own tables record of its users into the stream of events, so that a host that sends none has
// numbers too. It follows what the host changes, looks a little further back than it saw the last time, and adds what is
// not in the stream: running it again, or a host that writes the same rows again, adds nothing.
import { sql } from 'kysely';
import { type Database, limitStatements, type Tx } from '../database.ts';
import type { ClientReader } from '../events/client-context.ts';
import { type QualifyingDefinition, qualifyingPolicy } from '../events/qualifying.ts';
import { type Activity, createRowReader, type MirroredRow } from './mirrored-row.ts';

/** How far back the first run reaches. */
const REACH = '400 days';
/** Transactions of the host that are this old may still commit. */
const OVERLAP = '10 minutes';
/** Looked at again once a day. */
const RECONCILED = '7 days';
/** Activity in one transaction; the rollup takes whole transactions. */
const AT_ONCE = 10_000;
/** Millions of sessions are read in less. */
const READ_MS = 15 * 60_000;

export interface Mirror {
  /** @returns how many events are new */
  run(): Promise<number>;
}

/** Rows that were written with an old time, as by a restore, are found by the run that follows. */
export async function lookBack(database: Database): Promise<void> {
  await sql`UPDATE admin_center.activity_mirror SET seen_until = seen_until - ${RECONCILED}::interval`.execute(database);
}

/** One run at a time: the caller sees to it. Two that meet, since the process of one had hung, add nothing twice all the same. */
export function createMirror(database: Database, readClient: ClientReader): Mirror {
  const readRow = createRowReader(readClient);
  return {
    run: () =>
      database.connection().execute(async (connection) => {
        const { now, seenUntil } = await begin(connection);
        let seen: Mark = seenUntil;
        let added = 0;
        try {
          const definition = await qualifyingPolicy.read(connection);
          for (;;) {
            const { rows } = await sql<Activity>`FETCH ${sql.lit(AT_ONCE)} FROM activity_to_mirror`.execute(connection);
            const last = rows.at(-1);
            if (last === undefined) {
              break;
            }
            const step: Step = { from: seen, to: last.changed_at };
            const piece = await connection.transaction().execute((tx) => add(tx, rows, definition, step));
            added += piece.added;
            seen = piece.seen;
          }
        } finally {
          // Where the connection is lost, the cursor went with it.
          await sql`CLOSE activity_to_mirror`.execute(connection).catch(() => undefined);
        }
        const step: Step = { from: seen, to: now };
        await connection.transaction().execute(async (tx) => moveOn(tx, await hold(tx, step), 0));
        return added;
      }),
  };

  async function add(tx: Tx, activities: readonly Activity[], definition: QualifyingDefinition, step: Step): Promise<{ readonly added: number; readonly seen: Mark }> {
    // What the other run adds is in the stream before this one looks there.
    const to = await hold(tx, step);
    const unique = new Map(activities.map((activity) => [activity.message_id, activity]));
    const added = await insert(tx, [...unique.values()].map((activity) => readRow(activity, definition)));
    return { added, seen: await moveOn(tx, to, added) };
  }
}

/** An instant as PostgreSQL writes it, to the microsecond; null once somebody else has set the mark, to the end of the run. */
type Mark = string | null;

interface Step {
  readonly from: Mark;
  readonly to: string;
}

/** Locks the mark. @returns where to it may move on: nowhere when somebody has set it back meanwhile */
async function hold(tx: Tx, { from, to }: Step): Promise<Mark> {
  const { rows } = await sql<{ ours: boolean | null }>`SELECT seen_until = ${from}::timestamptz AS ours FROM admin_center.activity_mirror FOR UPDATE`.execute(tx);
  return rows[0]?.ours === true ? to : null;
}

/** @returns where the mark is, as far as it is this run's */
async function moveOn(tx: Tx, to: Mark, added: number): Promise<Mark> {
  const { rows } = await sql<{ seen_until: string }>`
    UPDATE admin_center.activity_mirror
    SET seen_until = CASE WHEN ${to}::timestamptz IS NULL THEN seen_until ELSE least(greatest(seen_until, ${to}::timestamptz), now()) END, mirrored = mirrored + ${added}, ran_at = now()
    RETURNING seen_until::text`.execute(tx);
  return to === null ? null : (rows[0] as { seen_until: string }).seen_until;
}

/** Opens the cursor over all that is to be looked at, in the order the host changed it. @returns when, and from where on */
function begin(connection: Database): Promise<{ readonly now: string; readonly seenUntil: string }> {
  return connection.transaction().execute(async (tx) => {
    await limitStatements(tx, READ_MS);
    const { rows } = await sql<{ now: string; seenUntil: string }>`
      UPDATE admin_center.activity_mirror
      SET since = coalesce(since, now() - ${REACH}::interval), seen_until = coalesce(seen_until, now() - ${REACH}::interval)
      RETURNING now()::text AS now, seen_until::text AS "seenUntil"`.execute(tx);
    await sql`SELECT admin_center.ensure_event_partitions(least((seen_until - ${OVERLAP}::interval)::date, current_date), current_date + 1) FROM admin_center.activity_mirror`.execute(tx);
    await sql`
      DECLARE activity_to_mirror CURSOR WITH HOLD FOR
      SELECT
        substring(encode(sha256(convert_to('host' || chr(10) || a.kind || chr(10) || a.source_key, 'UTF8')), 'hex') FOR 32)::uuid AS message_id,
        a.user_id, a.kind, a.at::text, a.changed_at::text, host(a.ip) AS ip, a.user_agent
      FROM admin_center.activity_mirror m
      JOIN admin_center.host_activity a ON a.changed_at >= m.seen_until - ${sql.lit(OVERLAP)}::interval AND a.at >= m.since AND a.at <= now()
      WHERE a.user_id IS NOT NULL
      ORDER BY a.changed_at`.execute(tx);
    return rows[0] as { now: string; seenUntil: string };
  });
}

/** Receipts are kept for a week and a conversation may be saved again after years, so the stream itself says what is new. */
async function insert(tx: Tx, rows: readonly MirroredRow[]): Promise<number> {
  const column = <T>(of: (row: MirroredRow) => T): T[] => rows.map(of);
  const { numAffectedRows } = await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest(
        ${column((row) => row.messageId)}::uuid[], ${column((row) => row.userId)}::uuid[], ${column((row) => row.at)}::timestamptz[], ${column((row) => row.name)}::text[], ${column((row) => row.feature)}::text[],
        ${column((row) => row.qualifies)}::boolean[], ${column((row) => row.country)}::text[], ${column((row) => row.region)}::text[], ${column((row) => row.platform)}::text[], ${column((row) => row.device)}::text[],
        ${column((row) => row.os)}::text[], ${column((row) => row.browser)}::text[], ${column((row) => row.appVersion)}::text[]
      ) AS g (message_id, user_id, at, name, feature, qualifies, country, region, platform, device, os, browser, app_version)
    ),
    stored AS MATERIALIZED (
      SELECT e.message_id FROM given g
      JOIN admin_center.event e ON e.person_id = g.user_id AND e.at BETWEEN g.at - interval '2 minutes' AND g.at + interval '2 minutes' AND e.message_id = g.message_id
    )
    INSERT INTO admin_center.event (at, message_id, person_id, known, source, type, name, feature, qualifies, tier, country, region, platform, device, os, browser, app_version)
    SELECT g.at, g.message_id, g.user_id, true, 'host', 'track', g.name, g.feature, g.qualifies, coalesce(d.tier, 'free'), g.country, g.region, g.platform, g.device, g.os, g.browser, g.app_version
    FROM given g
    LEFT JOIN admin_center.user_directory d ON d.user_id = g.user_id
    WHERE NOT EXISTS (SELECT 1 FROM stored s WHERE s.message_id = g.message_id)
    -- What the host still holds of somebody whose activity was erased stays out.
    AND NOT EXISTS (SELECT FROM admin_center.erased_person p WHERE p.digest = admin_center.erasure_digest(g.user_id::text, (SELECT admin_center.erasure_pad(false)), (SELECT admin_center.erasure_pad(true))))`.execute(tx);
  return Number(numAffectedRows ?? 0);
}
