// One step of the company's life: everything that happens after `from` and up to `to`, in one transaction.
import { sql, type Kysely } from 'kysely';
import { iso, MINUTE } from '../calendar.ts';
import { LOAD_LOCK } from '../guard.ts';
import type { HostTables } from '../tables.ts';
import { signUp } from './accounts.ts';
import { bill, followUp } from './billing.ts';
import type { Begun } from './happenings.ts';
import { useProduct } from './sessions.ts';
import type { World } from './world.ts';

export interface Happened {
  readonly signUps: number;
  readonly signIns: number;
  readonly messages: number;
  readonly payments: number;
  readonly refunds: number;
}

export interface Stepped {
  readonly happened: Happened;
  /** Ids of the host's sessions in use. */
  readonly there: ReadonlySet<string>;
  readonly begun: readonly Begun[];
}

/** What is written with a time this long ago, the mirror of the host's activity has passed already. */
const PASSED = MINUTE;

/**
 * Steps may overlap: what is written already is not written again.
 * @returns null when another process is loading or simulating this database at the same moment
 */
export async function step(db: Kysely<HostTables>, world: World, from: number, to: number): Promise<Stepped | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`SELECT pg_try_advisory_xact_lock(${LOAD_LOCK}) AS mine`.execute(tx);
    if (rows[0]?.mine !== true) {
      return null;
    }
    const signUps = await signUp(tx, world, from, to);
    // Users are locked before their sessions, as a suspension does it, so that the two cannot wait for each other.
    const { tried: payments, begun } = await bill(tx, world, from, to);
    const refunds = await followUp(tx, world, to);
    const { signIns, messages, there } = await useProduct(tx, world, from, to);
    if (to - from > PASSED) {
      await sql`UPDATE admin_center.activity_mirror SET seen_until = least(seen_until, ${iso(from)}::timestamptz)`.execute(tx);
    }
    return { happened: { signUps, signIns, messages, payments, refunds }, there, begun };
  });
}
