// The result of a funnel for days of entry, as bars, as a table, and as the persons behind each bar.
import type { FunnelResult, FUNNEL_OUTCOMES } from '@admin-center/contracts/conversion-funnels';
import { SMALLEST_GROUP, stepName } from '@admin-center/contracts/conversion-funnels';
import type { PersonRow } from '@admin-center/contracts/fields';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { cursorOf, pageOf } from '../../../platform/cursor.ts';
import { writeCsv } from '../../../platform/csv-file.ts';
import { type Database, type Queryable, readSnapshot } from '../../../platform/database.ts';
import { AppError, conflict } from '../../../platform/errors.ts';
import type { CsvFile } from '../../../platform/reply.ts';
import { groupOf, readBars, readSettled } from './counts.ts';
import { readGroups } from './groups.ts';
import { type Breakdown, type Days, personsOf, sampleOf } from './persons.ts';
import { buildOf, readFunnel, type StoredFunnel } from './store.ts';
import { readTime } from './time.ts';

const TIMEOUT_MS = 20_000;
const LONGEST_DAYS = 400;

/** @throws AppError 400 */
export function requireDays({ from, to }: Days): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  if (days < 0 || days > LONGEST_DAYS) {
    throw new AppError('query_invalid', 400, days < 0 ? 'The last day is before the first.' : `Ask about ${LONGEST_DAYS} days at most.`, { errors: [{ path: 'query.to', message: 'Not a last day for this first one.' }] });
  }
}

/** @throws AppError 404, and 409 while its past is being worked out */
async function readBuilt(database: Queryable, key: string): Promise<StoredFunnel> {
  const funnel = await readFunnel(database, key);
  if (funnel.state === 'archived') {
    throw conflict('funnel_archived', 'This funnel is in the archive, where its entries are forgotten. Bring it back first.');
  }
  if (funnel.builtAt === null) {
    throw conflict('funnel_building', 'The past of this funnel is being worked out.', { build: buildOf(funnel) });
  }
  return funnel;
}

/** Bars are exact; times are those of a sample where many entered. */
export async function readResult(database: Database, key: string, { breakdown, ...days }: Days & { readonly breakdown: Breakdown }): Promise<FunnelResult> {
  requireDays(days);
  return readSnapshot(database, TIMEOUT_MS, async (tx) => {
    const funnel = await readBuilt(tx, key);
    const steps = funnel.definition.steps.length;
    const asOf = await readSettled(tx);
    const bars = await readBars(tx, funnel.id, days, steps);
    const entered = bars[0]?.users ?? 0;
    const sample = personsOf(funnel.id, days, 'none', asOf, sampleOf(entered));
    const { time, medians } = await readTime(tx, sample, entered, steps, funnel.definition.windowSeconds, asOf);
    return {
      key, version: funnel.version, definition: funnel.definition, ...days, asOf: asOf.toISOString(), build: buildOf(funnel), breakdown,
      total: groupOf(null, bars.map((bar, index) => ({ ...bar, medianSeconds: medians[index] ?? null }))),
      groups: breakdown === 'none' ? [] : (await readGroups(tx, personsOf(funnel.id, days, breakdown, asOf), steps, true)).groups,
      time,
    };
  });
}

const CSV_COLUMNS = ['group', 'step', 'event', 'reached', 'pending', 'dropped', 'of_entered', 'median_seconds_since_step_before'] as const;

export async function resultCsv(database: Database, key: string, query: Days & { readonly breakdown: Breakdown }): Promise<CsvFile> {
  const { total, groups, definition, from, to } = await readResult(database, key, query);
  const lines = [total, ...groups].flatMap((group) => group.steps.map((step, index) => [
    group.value ?? 'all', String(index + 1), stepName(definition.steps[index] as (typeof definition.steps)[number]), String(step.users), String(step.pending), String(step.dropped),
    group.entered === 0 ? '' : (step.users / group.entered).toFixed(4), step.medianSeconds === null ? '' : String(step.medianSeconds),
  ]));
  const file = await writeCsv(CSV_COLUMNS, (async function* () { yield* lines; })());
  return { filename: `funnel-${key}-${from}-${to}.csv`, bytes: file.bytes, open: file.open };
}

export interface BarQuery extends Days {
  readonly step: number;
  readonly outcome: (typeof FUNNEL_OUTCOMES)[number];
  readonly breakdown: Breakdown;
  readonly value?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A group that is too small to be shown is too small to be listed. @throws AppError 422 */
async function requireLargeGroup(tx: Queryable, persons: RawBuilder<unknown>, value: string): Promise<void> {
  const { rows } = await sql`SELECT FROM (${persons}) AS person WHERE value = ${value} LIMIT ${SMALLEST_GROUP}`.execute(tx);
  if (rows.length > 0 && rows.length < SMALLEST_GROUP) {
    throw new AppError('group_too_small', 422, `Fewer than ${SMALLEST_GROUP} persons are in this group, so they are not listed. Choose more days.`);
  }
}

const personCursor = cursorOf('conversion:funnel-persons', z.guid());

/** Anonymous visitors have no e-mail. */
export async function listPersons(database: Database, key: string, { step, outcome, breakdown, value, cursor, limit, ...days }: BarQuery): Promise<{ items: PersonRow[]; nextCursor: string | null }> {
  requireDays(days);
  const after = cursor === undefined ? null : personCursor.decode(cursor);
  const rows = await readSnapshot(database, TIMEOUT_MS, async (tx) => {
    const funnel = await readBuilt(tx, key);
    const stood = outcome === 'reached' ? sql`depth >= ${step}` : sql`depth = ${step} AND depth < ${funnel.definition.steps.length} AND open = ${outcome === 'pending'}`;
    const persons = personsOf(funnel.id, days, breakdown, await readSettled(tx));
    if (breakdown !== 'none' && value !== undefined) {
      await requireLargeGroup(tx, persons, value);
    }
    const found = await sql<{ id: string; email: string | null; tier: PersonRow['tier'] | null; last_seen_at: Date | null }>`
      SELECT person_id AS id, d.email, d.tier, d.last_seen_at
      FROM (${persons}) AS person
      LEFT JOIN admin_center.user_directory d ON d.user_id = person.person_id
      WHERE ${stood} AND (${after}::uuid IS NULL OR person_id > ${after}::uuid) AND (${value ?? null}::text IS NULL OR value = ${value ?? null}::text)
      ORDER BY person_id LIMIT ${limit + 1}
    `.execute(tx);
    return found.rows;
  });
  const cut = pageOf(rows, limit, (last) => personCursor.encode(last.id));
  return { nextCursor: cut.nextCursor, items: cut.items.map(({ id, email, tier, last_seen_at: seen }) => ({ id, email, tier: tier ?? 'free', lastSeenAt: seen?.toISOString() ?? null })) };
}
