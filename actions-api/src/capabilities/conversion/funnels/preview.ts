// What a definition would give, before it is kept, and what a change of one that is kept forgets.
import type { FunnelDefinition, FunnelPreview, funnelChangePreview } from '@admin-center/contracts/conversion-funnels';
import type { FunnelChange } from '@admin-center/contracts/conversion-funnels';
import { sql } from 'kysely';
import type { z } from 'zod';
import { previewToken } from '../../../platform/blast-radius.ts';
import { type Database, type Queryable, readSnapshot } from '../../../platform/database.ts';
import { AppError, conflict } from '../../../platform/errors.ts';
import { readGroups } from './groups.ts';
import type { StoredFunnel } from './store.ts';

const TIMEOUT_MS = 8_000;
const DAY_MS = 86_400_000;
const TIMED_OUT = '57014';
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Of the last days, those of today with them. It reads the stream, so it may be too much for a preview. */
export async function previewDefinition(database: Database, definition: FunnelDefinition, days: number, asOf: Date): Promise<FunnelPreview> {
  const [from, to] = [dayOf(asOf.getTime() - (days - 1) * DAY_MS), dayOf(asOf.getTime())];
  const persons = sql`
    SELECT DISTINCT ON (person_id) person_id, reached_at, cardinality(reached_at) AS depth, max(open_until) OVER (PARTITION BY person_id) > ${asOf} AS open, ''::text AS value
    FROM admin_center.preview_funnel(${JSON.stringify(definition)}::jsonb, ${from}::date, ${to}::date)
    ORDER BY person_id, cardinality(reached_at) DESC, reached_at[cardinality(reached_at)] - reached_at[1], day DESC
  `;
  try {
    return await readSnapshot(database, TIMEOUT_MS, async (tx) => ({ from, to, total: (await readGroups(tx, persons, definition.steps.length, false)).total, unknownEvents: await readUnknown(tx, definition, from) }));
  } catch (error) {
    if ((error as { code?: string }).code === TIMED_OUT) {
      throw new AppError('preview_too_large', 503, 'So many events cannot be looked through while you wait. Ask for fewer days, or save the funnel: its past is worked out by a job.', { retryAfterSeconds: 60 });
    }
    throw error;
  }
}

async function readUnknown(database: Queryable, { steps, exclusions }: FunnelDefinition, to: string): Promise<string[]> {
  const wanted = [...steps, ...exclusions].map(({ type, event }) => ({ type, event }));
  const { rows } = await sql<{ event: string }>`
    SELECT DISTINCT wanted.event FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS wanted (type text, event text)
    WHERE NOT EXISTS (SELECT FROM admin_center.event_count c WHERE c.day > ${to}::date - 30 AND c.type = wanted.type AND c.name = wanted.event)
    ORDER BY wanted.event
  `.execute(database);
  return rows.map(({ event }) => event);
}

/** What decides who entered and who converted; a change of anything else leaves the past as it is. */
const matching = ({ steps, order, windowSeconds, exclusions }: FunnelDefinition): string =>
  JSON.stringify([steps.map((step) => ({ ...step, name: '' })), order, windowSeconds, exclusions]);

export const needsRebuild = (before: FunnelDefinition, after: FunnelDefinition): boolean => matching(before) !== matching(after);

/** @throws AppError 409 for a change that cannot be made */
export async function previewChange(database: Queryable, funnel: StoredFunnel, change: FunnelChange): Promise<z.output<typeof funnelChangePreview>> {
  requireChange(funnel, change.kind);
  const rebuild = change.kind === 'restore' || (change.kind === 'update' && needsRebuild(funnel.definition, change.definition));
  const forgets = rebuild || change.kind === 'archive' || change.kind === 'delete';
  const { rows: [row] } = await sql<{ entries: number }>`SELECT count(*) AS entries FROM admin_center.funnel_entry WHERE funnel_id = ${funnel.id}`.execute(database);
  const entries = forgets ? (row?.entries ?? 0) : 0;
  return {
    // A funnel only counts: nobody is served anything else.
    users: 0, tiers: {}, mrr: [], sessions: 0, experiments: [], slo: null, approval: 'not_needed',
    entries, rebuild,
    warnings: [
      ...(rebuild ? ['Its past is worked out again; until that is done it has no result and no series.'] : []),
      ...(change.kind === 'archive' ? ['Its series end, and with them its alert.'] : []),
      ...(change.kind === 'delete' ? ['Its versions are deleted too; the audit log keeps what they were.'] : []),
    ],
    token: previewToken([funnel.key, funnel.version, change]),
  };
}

/** @throws AppError 409 */
export function requireChange({ state }: StoredFunnel, kind: FunnelChange['kind']): void {
  if (state === 'archived' && kind !== 'restore' && kind !== 'delete') {
    throw conflict('state_conflict', 'The funnel is in the archive. Bring it back first.');
  }
  if (state === 'active' && kind === 'restore') {
    throw conflict('state_conflict', 'The funnel is not in the archive.');
  }
  if (state === 'active' && kind === 'delete') {
    throw conflict('state_conflict', 'Archive the funnel before you delete it.');
  }
}
