// The flags of Acme with their versions and half a year of usage.
import { type FlagDefinition, flagDefinition } from '@admin-center/contracts/flags-definition';
import { sql } from 'kysely';
import { ADMIN_IDS } from './admins.ts';
import { DAY, HOUR, iso, MINUTE } from './calendar.ts';
import { type Asked, type Chapter, STORIES, type Story } from './flag-stories.ts';
import type { Past, Tx } from './past.ts';
import { derive, fate, type Key, purpose } from './random.ts';

export const flags: Past = {
  name: 'flags',
  isThere: async (tx) => (await sql`SELECT FROM admin_center.flag LIMIT 1`.execute(tx)).rows.length > 0,
  async write(tx, company) {
    for (const [index, story] of STORIES.entries()) {
      await writeFlag(tx, story, company.loadedAt);
      await writeUsage(tx, story, company.loadedAt, derive(company.key, purpose('flags'), index));
    }
    // The counters are what has happened, this included.
    await sql`
      SELECT admin_center.tally_add('admincenter_flag_evaluations_total', jsonb_build_object('flag', flag, 'variant', variant, 'reason', lower(reason)), sum(evaluations)::bigint)
      FROM admin_center.flag_usage GROUP BY flag, variant, reason
    `.execute(tx);
    await sql`
      SELECT admin_center.tally_add('admincenter_flag_changes_total', jsonb_build_object('actor_kind', actor_kind, 'change', change), count(*))
      FROM (SELECT change, CASE WHEN actor_subject LIKE 'system:%' THEN 'system' ELSE 'admin' END AS actor_kind FROM admin_center.flag_version) v GROUP BY actor_kind, change
    `.execute(tx);
  },
};

interface Version {
  readonly state: string;
  readonly definition: FlagDefinition;
  readonly experiment: 'draft' | 'running' | 'stopped' | null;
}

async function writeFlag(tx: Tx, { key, definition, chapters }: Story, now: number): Promise<void> {
  let current: Version = { state: 'off', definition: flagDefinition.parse(definition), experiment: definition.experiment === undefined ? null : 'draft' };
  const versions = chapters.map((chapter, index) => {
    current = { state: chapter.state ?? current.state, definition: flagDefinition.parse({ ...current.definition, ...chapter.with }), experiment: chapter.experiment ?? current.experiment };
    return { ...current, chapter, at: iso(timeOf(chapter, index, now)) };
  });
  const at = (experiment: string): string | null => versions.find((version) => version.chapter.experiment === experiment)?.at ?? null;
  await sql`
    INSERT INTO admin_center.flag (key, salt, state, version, definition, experiment_state, experiment_started_at, experiment_stopped_at, created_at, updated_at)
    VALUES (${key}, ${key}, ${current.state}, ${versions.length}, ${JSON.stringify(current.definition)}::jsonb, ${current.experiment}, ${at('running')}, ${at('stopped')}, ${versions[0]?.at}, ${versions.at(-1)?.at})
  `.execute(tx);
  for (const [index, { state, definition: kept, experiment, chapter: { change, reason, by }, at: changedAt }] of versions.entries()) {
    await sql`
      INSERT INTO admin_center.flag_version (flag, version, at, change, state, definition, experiment_state, actor_subject, actor_id, reason)
      VALUES (${key}, ${index + 1}, ${changedAt}, ${change}, ${state}, ${JSON.stringify(kept)}::jsonb, ${experiment}, ${by === 'ada' ? 'user:ada' : by}, ${by === 'ada' ? ADMIN_IDS.ada : null}, ${reason})
    `.execute(tx);
  }
}

/** In the forenoon, in the order of the chapters also within a day. */
const timeOf = ({ daysAgo }: Chapter, index: number, now: number): number => Math.min(now, Math.floor(now / DAY) * DAY - daysAgo * DAY + 9 * HOUR + index * 20 * MINUTE);

async function writeUsage(tx: Tx, { key, asked }: Story, now: number, draws: Key): Promise<void> {
  const days = new Map<string, { day: string; variant: string; reason: string; evaluations: number; first_at: string; last_at: string }>();
  for (const [index, each] of asked.entries()) {
    for (let daysAgo = each.from; daysAgo >= each.until; daysAgo -= 1) {
      const row = usageOf(each, daysAgo, now, fate(draws, index, daysAgo));
      const name = `${row.day} ${row.variant} ${row.reason}`;
      days.set(name, { ...row, evaluations: row.evaluations + (days.get(name)?.evaluations ?? 0) });
    }
  }
  await sql`
    INSERT INTO admin_center.flag_usage (flag, day, variant, reason, evaluations, first_at, last_at)
    SELECT ${key}, day, variant, reason, evaluations, first_at, last_at
    FROM jsonb_to_recordset(${JSON.stringify([...days.values()])}::jsonb) AS usage (day date, variant text, reason text, evaluations bigint, first_at timestamptz, last_at timestamptz)
  `.execute(tx);
}

/** Quieter at the weekend; of today only what has gone by. */
function usageOf({ variant, reason, perDay }: Asked, daysAgo: number, now: number, drawn: number) {
  const start = Math.floor(now / DAY) * DAY - daysAgo * DAY;
  const last = Math.min(start + DAY - MINUTE, now);
  const weekday = new Date(start).getUTCDay();
  const busy = weekday === 0 || weekday === 6 ? 0.55 : 1;
  const evaluations = Math.max(1, Math.round(perDay * busy * (0.85 + 0.3 * drawn) * ((last - start) / DAY)));
  return { day: iso(start).slice(0, 10), variant, reason, evaluations, first_at: iso(start), last_at: iso(last) };
}
