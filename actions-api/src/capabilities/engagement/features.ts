// Two numbers per feature: reach among those who may use it, and intensity. A feature that few tiers may use, or that a flag
// holds back, is measured against those few and not called unpopular.
import { type Tier, TIERS } from '@admin-center/contracts/capability';
import type { Feature } from '@admin-center/contracts/engagement-answers';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { lastComplete } from './activity.ts';
import { addDays } from './days.ts';
import { type CatalogueRow, readCatalogue, readServed } from './feature-catalogue.ts';

const DAYS = { '1d': 1, '7d': 7, '30d': 30 } as const;
const MOST_FEATURES = 200;

export async function readFeatures(database: Queryable, window: keyof typeof DAYS, now: Date): Promise<{ days: number; from: string; to: string; items: Feature[] }> {
  const days = DAYS[window];
  const to = lastComplete(now);
  const from = addDays(to, 1 - days);
  const [catalogue, served, users, uses] = [await readCatalogue(database), await readServed(database), await readUsers(database, days, to), await readUses(database, from, to)];
  const described = new Map(catalogue.map((row) => [row.key, row]));
  const keys = [...new Set([...described.keys(), ...uses.map(({ feature }) => feature)])].slice(0, MOST_FEATURES);
  const usesOf = new Map(uses.map(({ feature, tier, uses: times }) => [`${feature}|${tier}`, times]));
  const items = keys.map((key) => {
    const row = described.get(key) ?? { key, title: key, tiers: [...TIERS], events: [], flag: null };
    return toFeature(row, described.has(key), row.flag === null ? 1 : (served.get(row.flag) ?? 0), users, usesOf);
  });
  return { days, from, to, items: items.toSorted((one, other) => other.total.users - one.total.users || one.key.localeCompare(other.key)) };
}

function toFeature(row: CatalogueRow, inCatalogue: boolean, served: number, users: ReadonlyMap<string, number>, uses: ReadonlyMap<string, number>): Feature {
  const tiersUse = TIERS.map((tier: Tier) => {
    const eligible = row.tiers.includes(tier) ? Math.round((users.get(`tier ${tier}`) ?? 0) * served) : 0;
    return { tier, ...reachOf(users.get(`feature_tier ${row.key}|${tier}`) ?? 0, eligible, uses.get(`${row.key}|${tier}`) ?? 0) };
  });
  // Somebody who changed tier within the window is eligible in both, so the whole is the sum of the tiers.
  const sum = (pick: (use: (typeof tiersUse)[number]) => number) => tiersUse.reduce((total, use) => total + pick(use), 0);
  const total = reachOf(sum((use) => use.users), sum((use) => use.eligible), sum((use) => use.uses));
  return { ...row, served, inCatalogue, total, tiersUse };
}

/** Never above 1: who used it was eligible, whatever the estimate says. */
function reachOf(users: number, estimate: number, uses: number) {
  const eligible = Math.max(users, estimate);
  return { users, eligible, reach: eligible === 0 ? null : users / eligible, uses, intensity: users === 0 ? null : uses / users };
}

/** Distinct users of the days, by dimension and value. */
async function readUsers(database: Queryable, days: number, to: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; users: number }>`
    SELECT v.dimension || ' ' || v.value AS key, ${
      days === 1
        ? sql`(SELECT d.users FROM admin_center.active_users_day d WHERE d.value = v.id AND d.day = ${to})`
        : sql`(SELECT sum(c.change)::integer FROM admin_center.active_users_change c WHERE c.value = v.id AND c.days = ${days} AND c.day <= ${to})`
    } AS users
    FROM admin_center.dimension_value v WHERE v.dimension IN ('tier', 'feature_tier')
  `.execute(database);
  return new Map(rows.map(({ key, users }) => [key, users ?? 0]));
}

async function readUses(database: Queryable, from: string, to: string): Promise<readonly { feature: string; tier: string; uses: number }[]> {
  const { rows } = await sql<{ feature: string; tier: string; uses: number }>`
    SELECT feature, tier, sum(events)::double precision AS uses FROM admin_center.event_count
    WHERE feature <> '' AND day BETWEEN ${from} AND ${to} GROUP BY feature, tier ORDER BY sum(events) DESC
  `.execute(database);
  return rows;
}
