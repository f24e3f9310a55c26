// Keeps the demo company alive: catches up from the last row, then lives second by second.
import { sql, type Kysely } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import { DAY, HOUR, iso, MINUTE, SECOND } from '../calendar.ts';
import type { Company } from '../company.ts';
import { readCompany } from '../mark.ts';
import { keyOfSeed, uuidOf } from '../random.ts';
import type { HostTables } from '../tables.ts';
import { createHappenings } from './happenings.ts';
import { step, type Happened } from './step.ts';
import type { Tracking } from './tracking.ts';
import { readWorld, type World } from './world.ts';

/** A longer silence than this stays a hole in the graphs, save for billing, which is always complete. */
const CATCH_UP = 14 * DAY;
/** Catching up goes by steps of this length, each a transaction. */
const STRIDE = 6 * HOUR;
/** Reactivations and new tiers reach the plans of the day by reading everything again this often. */
const READ_AGAIN = 5 * MINUTE;
/** And after so much time of the company while catching up. */
const READ_AGAIN_LIVED = DAY;

export interface SimulatorOptions {
  readonly db: Kysely<HostTables>;
  readonly log: Logger;
  readonly now: () => number;
  /** Whose sign-ups come; by default those of the seed the company was loaded with. */
  readonly seed?: number | undefined;
  /** Takes the product's own events; left out: they are not sent. */
  readonly tracking?: Pick<Tracking, 'send'> | null;
}

export interface Simulator {
  /** Lives up to now. @returns what happened, or null when another process was at it */
  tick(): Promise<Happened | null>;
}

/** The newest moment anything is recorded for; all of it before that has been written. */
async function lastRecorded(db: Kysely<HostTables>, company: Company): Promise<number> {
  const { rows } = await sql<{ at: Date | null }>`
    SELECT greatest((SELECT max(last_activity) FROM public.user_sessions), (SELECT max(created_at) FROM public.users)) AS at`.execute(db);
  return Math.max(company.loadedAt, rows[0]?.at?.getTime() ?? 0);
}

const add = (sum: Happened, more: Happened): Happened => ({
  signUps: sum.signUps + more.signUps,
  signIns: sum.signIns + more.signIns,
  messages: sum.messages + more.messages,
  payments: sum.payments + more.payments,
  refunds: sum.refunds + more.refunds,
});

/**
 * @throws Error when the database holds no demo company: it never touches another one
 */
export async function createSimulator({ db, log, now, seed, tracking = null }: SimulatorOptions): Promise<Simulator> {
  const loaded = await readCompany(db);
  if (loaded === null) {
    throw new Error('The database holds no demo company, so there is nothing to simulate. Load it first, or set another DATABASE_URL.');
  }
  const company = seed === undefined ? loaded : { ...loaded, seed, key: keyOfSeed(seed) };
  const last = await lastRecorded(db, company);
  let lived = Math.max(last, now() - CATCH_UP);
  const happenings = createHappenings(company.loadedAt);
  let world: World | null = null;
  let read = { at: 0, lived: 0 };
  log.info({ users: company.users, since: iso(last), hours: Math.round((now() - lived) / HOUR) }, 'the demo company goes on');

  async function tick(): Promise<Happened | null> {
    let sum: Happened = { signUps: 0, signIns: 0, messages: 0, payments: 0, refunds: 0 };
    do {
      const to = Math.min(now(), lived + STRIDE);
      if (world === null || now() - read.at >= READ_AGAIN || lived - read.lived >= READ_AGAIN_LIVED) {
        world = await readWorld(db, company, lived);
        read = { at: now(), lived };
      }
      try {
        const stepped = await step(db, world, lived, to);
        if (stepped === null) {
          world = null;
          return null;
        }
        sum = add(sum, stepped.happened);
        if (tracking !== null) {
          const messages = happenings.between(world, lived, to, ({ key }) => stepped.there.has(uuidOf(key)));
          tracking.send([...messages, ...happenings.begun(world, stepped.begun)]);
        }
      } catch (err) {
        // The transaction is rolled back, and what the step changed in memory is forgotten with it.
        world = null;
        throw err;
      }
      lived = Math.max(lived, to);
    } while (now() - lived > SECOND);
    return sum;
  }
  return { tick };
}
