// Cells as they are shown: most users first, those that are too many or too small to name added up.
import { type Breakdown, LEAST_USERS, type Overview } from '@admin-center/contracts/distribution';
import { DIMENSIONS, type Dimension } from '@admin-center/contracts/distribution-places';
import type { Queryable } from '../../platform/database.ts';
import { AppError } from '../../platform/errors.ts';
import { type Days, requireFew } from './days.ts';
import { type Cell, type CellCount, isTold, readCells, readCellsWithin, readRegions, readTotal } from './store.ts';

/** Every country has a place on the map; of the rest nobody reads more. */
const MOST_ROWS: Readonly<Record<Dimension, number>> = { country: 300, region: 60, platform: 10, device: 10, os: 12, browser: 12, version: 30, feature: 60 };

export function breakdownOf(dimension: Dimension, cells: readonly Pick<CellCount, 'value' | 'users'>[], filtered: boolean): Breakdown {
  const inOrder = cells.toSorted((one, other) => other.users - one.users || (one.value < other.value ? -1 : 1));
  const named = inOrder.filter(({ value, users }) => value !== 'other' && isTold({ dimension, value }, users, filtered));
  const rows = named.slice(0, MOST_ROWS[dimension]);
  const rest = inOrder.filter((cell) => !rows.includes(cell));
  const users = rest.reduce((sum, cell) => sum + cell.users, 0);
  return { rows: rows.map(({ value, users: of }) => ({ value, users: of })), other: { values: rest.length, users: rest.length === 0 ? 0 : users < LEAST_USERS ? null : users } };
}

export async function readOverview(database: Queryable, days: Days, filter: Cell | null): Promise<Overview> {
  if (filter !== null) {
    await requireFew(database, days, filter);
  }
  const { total, cells } = filter === null ? { total: await readTotal(database, days), cells: await readCells(database, days) } : await readCellsWithin(database, days, filter);
  if (filter !== null && total > 0 && !isTold(filter, total, false)) {
    throw new AppError('cell_too_small', 422, `Fewer than ${LEAST_USERS} users are in this cell, so nothing is told of it. Choose a wider one.`);
  }
  const dimensions = Object.fromEntries(
    DIMENSIONS.map((dimension) => [dimension, breakdownOf(dimension, cells.filter((cell) => cell.dimension === dimension), filter !== null)]),
  ) as Overview['dimensions'];
  return { ...days, filter: filter === null ? null : `${filter.dimension}:${filter.value}`, total, dimensions };
}

export const readCountry = async (database: Queryable, days: Days, country: string): Promise<Breakdown> => breakdownOf('region', await readRegions(database, days, country), false);
