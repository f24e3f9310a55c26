// How far everybody came who entered a funnel in the days, from the counts that the rollup keeps.
import type { FunnelGroup } from '@admin-center/contracts/conversion-funnels';
import { sql } from 'kysely';
import type { Queryable } from '../../../platform/database.ts';
import type { Days } from './persons.ts';

export interface Bar {
  readonly users: number;
  readonly pending: number;
  readonly dropped: number;
}

/** The instant by which results say who is pending. */
export async function readSettled(database: Queryable): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`SELECT at FROM admin_center.funnel_settled`.execute(database);
  return (rows[0] as { at: Date }).at;
}

export async function readBars(database: Queryable, funnelId: number, { from, to }: Days, steps: number): Promise<Bar[]> {
  const { rows } = await sql<Bar>`SELECT users, pending, dropped FROM admin_center.funnel_bars(${funnelId}::integer, ${steps}::integer, ${from}::date, ${to}::date) ORDER BY step`.execute(database);
  return rows;
}

export function groupOf(value: string | null, steps: FunnelGroup['steps']): FunnelGroup {
  const converted = steps.at(-1)?.users ?? 0;
  const dropped = steps.reduce((sum, step) => sum + step.dropped, 0);
  return {
    value, entered: steps[0]?.users ?? 0, converted, dropped, pending: steps.reduce((sum, step) => sum + step.pending, 0),
    ratio: converted + dropped > 0 ? converted / (converted + dropped) : null, steps,
  };
}
