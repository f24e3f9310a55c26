// Ends sessions whose time is over or whose grounds are gone. It runs every second, so that what another program changed
// in the host's tables reaches the hosts that enforce within two.
import type { Histogram } from '@opentelemetry/api';
import { sql } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import type { Database } from '../../platform/database.ts';
import { systemActor } from '../../platform/system-actor.ts';
import { type Closed, finishSession } from './close.ts';
import { countDuration } from './service.ts';
import { causeToEnd } from './standing.ts';
import { lockSessions } from './store.ts';

const AT_ONCE = 100;

/** Replicas that sweep at the same time pass over each other's sessions. @returns how many ended */
export async function sweepSessions(database: Database, duration: Histogram, log: Logger): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    SELECT s.id FROM admin_center.impersonation_session s WHERE s.state IN ('requested', 'active') AND ${causeToEnd} IS NOT NULL LIMIT ${AT_ONCE}
  `.execute(database);
  let ended = 0;
  for (const { id } of rows) {
    const closed = await database.transaction().execute(async (tx): Promise<Closed | null> => {
      const [session] = await lockSessions(tx, sql`s.id = ${id} AND s.ended_at IS NULL`, { wait: false });
      return session === undefined || session.cause === null ? null : finishSession(tx, { actor: systemActor('impersonation-sweep'), requestId: null, ip: null, userAgent: null }, session, session.cause);
    });
    if (closed !== null) {
      countDuration(duration, closed);
      log.info({ session: id, cause: closed.after['endCause'] }, 'an impersonation session is over');
      ended += 1;
    }
  }
  return ended;
}
