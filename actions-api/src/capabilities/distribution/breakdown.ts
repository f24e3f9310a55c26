// Cells as they are shown: most users first, those that are too many or too small to name added up.
import { type Breakdown, LEAST_USERS, type Overview } from '@admin-center/contracts/distribution';
import { DIMENSIONS, NO_COUNTRY, type Dimension } from '@admin-center/contracts/distribution-places';
import type { Queryable } from '../../platform/database.ts';
import { type Days, requireFew } from './days.ts';
import { type Cell, type CellCount, readCells, readCellsWithin, readRegions, readTotal } from './store.ts';

/** Every country has a place on the map; of the rest nobody reads more. */
const MOST_ROWS: Readonly<Record<Dimension, number>> = { country: 300, region: 60, platform: 10, device: 10, os: 12, browser: 12, version: 30, feature: 60 };

/** Neither names a place, so they are numbers whatever their size. */
const NAMELESS: readonly string[] = ['other', ...NO_COUNTRY];

/** @param small whether cells of fewer than 5 users are kept back */
export function breakdownOf(dimension: Dimension, cells: readonly Pick<CellCount, 'value' | 'users'>[], small: boolean): Breakdown {
  const inOrder = cells.toSorted((one, other) => other.users - one.users || (one.value < other.value ? -1 : 1));
  const named = inOrder.filter(({ value, users }) => value !== 'other' && (!small || users >= LEAST_USERS || NAMELESS.includes(value)));
  const rows = named.slice(0, MOST_ROWS[dimension]);
  const rest = inOrder.filter((cell) => !rows.includes(cell));
  const users = rest.reduce((sum, cell) => sum + cell.users, 0);
  return { rows: rows.map(({ value, users: of }) => ({ value, users: of })), other: { values: rest.length, users: rest.length === 0 ? 0 : users < LEAST_USERS ? null : users } };
}

/** What everybody has one of, out of a handful, names nobody. */
const NAMES_NOBODY: ReadonlySet<Dimension> = new Set(['platform', 'device', 'os', 'browser', 'feature']);

export async function readOverview(database: Queryable, days: Days, filter: Cell | null): Promise<Overview> {
  if (filter !== null) {
    await requireFew(database, days, filter);
  }
  const { total, cells } = filter === null ? { total: await readTotal(database, days), cells: await readCells(database, days) } : await readCellsWithin(database, days, filter);
  const dimensions = Object.fromEntries(
    DIMENSIONS.map((dimension) => [dimension, breakdownOf(dimension, cells.filter((cell) => cell.dimension === dimension), filter !== null || !NAMES_NOBODY.has(dimension))]),
  ) as Overview['dimensions'];
  return { ...days, filter: filter === null ? null : `${filter.dimension}:${filter.value}`, total, dimensions };
}

export const readCountry = async (database: Queryable, days: Days, country: string): Promise<Breakdown> => breakdownOf('region', await readRegions(database, days, country), true);
