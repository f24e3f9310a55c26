// A flag together with its ramp, as a change of either finds them and leaves them.
import type { Actor } from '../../../platform/context.ts';
import type { Queryable, Tx } from '../../../platform/database.ts';
import { lockFlags, readFlag, type StoredFlag, writeFlag } from '../store.ts';
import type { Ramp } from './ramp.ts';
import { percentageOf, withPercentage } from './ramp-change.ts';
import { readRamp, writeRamp } from './store.ts';

export interface Standing {
  readonly flag: StoredFlag;
  readonly ramp: Ramp | null;
}

/** @throws AppError 404 */
export async function readStanding(database: Queryable, key: string): Promise<Standing> {
  return { flag: await readFlag(database, key), ramp: await readRamp(database, key) };
}

/** The same, and nobody else changes either until the transaction ends. */
export async function lockStanding(tx: Tx, key: string): Promise<Standing> {
  await lockFlags(tx);
  return readStanding(tx, key);
}

/** Writes where the ramp stands, and a version of the flag where it serves another percentage. */
export async function moveRamp(tx: Tx, { flag }: Standing, ramp: Ramp, percentage: number | null, by: { readonly actor: Actor; readonly reason: string }): Promise<void> {
  await writeRamp(tx, flag.key, ramp);
  if (percentage !== null && percentage !== percentageOf(flag.definition)) {
    const definition = withPercentage(flag.definition, ramp.variant, percentage);
    await writeFlag(tx, flag, { state: flag.state, experimentState: flag.experimentState, definition }, { change: 'ramp', ...by });
  }
}

/** What an audit entry keeps. It names a version only where it made one: erasing the entry takes that one's author too. */
export const keptOf = (before: Standing, after: Standing): { readonly before: Record<string, unknown>; readonly after: Record<string, unknown> } => ({
  before: { version: before.flag.version, ...standingOf(before) },
  after: { ...(after.flag.version === before.flag.version ? {} : { version: after.flag.version }), ...standingOf(after) },
});

const standingOf = ({ flag, ramp }: Standing): Record<string, unknown> => ({
  state: flag.state,
  percentage: percentageOf(flag.definition),
  ramp: ramp === null ? null : { state: ramp.state, step: ramp.step, approvedStep: ramp.approvedStep, variant: ramp.variant, percentageBefore: ramp.percentageBefore },
});
