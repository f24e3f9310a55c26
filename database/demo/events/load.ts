// Writes the demo company's events, once, after our own schema was migrated: by COPY, in one transaction with the counts.
// From then on the mirror follows the host's tables; what they record of before is among these events.
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { DAY, iso } from '../calendar.ts';
import { copyInto } from '../copy.ts';
import { readCompany } from '../mark.ts';
import { populate } from '../population.ts';
import type { HostTables } from '../tables.ts';
import { writeCatalogue } from './catalogue.ts';
import { EVENT_COLUMNS, eventRow, type DemoEvent } from './event.ts';
import { eventsOf, type Link } from './stream.ts';

/**
 * @param databaseUrl the owner of a migrated database; one without the demo company is left as it is
 * @returns how many events were written; null when they are there already
 */
export async function loadEvents(databaseUrl: string, onProgress: (text: string) => void = () => undefined): Promise<number | null> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, options: '-c timezone=UTC' });
  // A lost connection also fails the statement that runs, and that is where it is reported.
  pool.on('error', () => undefined);
  const db = new Kysely<HostTables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const company = await readCompany(db);
    const { rows } = await pool.query<{ untouched: boolean }>('SELECT since IS NULL AS untouched FROM admin_center.activity_mirror');
    if (company === null || rows[0]?.untouched !== true) {
      return null;
    }
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT admin_center.ensure_event_partitions($1, $2)', [iso((company.sessionsSince - 8) * DAY), iso(company.loadedAt + DAY)]);
      const qualifies = await definitionOf(client);
      const links: Link[] = [];
      const written = await copyInto(client, 'admin_center.event', EVENT_COLUMNS, rowsOf(eventsOf(company, populate(company), links, (share) => onProgress(`events ${Math.round(share * 100)}%`)), qualifies));
      await copyInto(client, 'admin_center.person_link', ['anonymous_id', 'user_id', 'linked_at'], links.map(({ at, ...link }) => ({ ...link, linked_at: iso(at) })));
      await writeCatalogue(client);
      await client.query('UPDATE admin_center.activity_mirror SET since = $1, seen_until = $1', [iso(company.loadedAt)]);
      await client.query('COMMIT');
      onProgress('counting events');
      await client.query('ANALYZE admin_center.event');
      await client.query('SELECT admin_center.rebuild_event_rollups()');
      // The past of funnels, which a job would work out, has to be there for the history of their series.
      await client.query('DO $$ BEGIN WHILE admin_center.build_funnel_slice() LOOP END LOOP; END $$');
      return written;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  } finally {
    await db.destroy();
  }
}

function* rowsOf(events: Iterable<DemoEvent>, qualifies: (name: string) => boolean) {
  for (const event of events) {
    yield eventRow(event, qualifies);
  }
}

/** What makes a user active, by the definition in force. */
async function definitionOf(client: pg.ClientBase): Promise<(name: string) => boolean> {
  const { rows } = await client.query<{ mode: 'all_except' | 'only'; events: string[] }>('SELECT mode, events FROM admin_center.qualifying_definition ORDER BY version DESC LIMIT 1');
  const { mode, events } = rows[0] ?? { mode: 'all_except' as const, events: [] };
  const named = new Set(events);
  return (name) => named.has(name) === (mode === 'only');
}
