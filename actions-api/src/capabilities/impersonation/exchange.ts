// The host hands in a one-time code and gets the session. Whoever comes second, too late or with a wrong code gets the
// same answer (code-guard.ts).
import { sql } from 'kysely';
import { appendEntry, type Origin } from '../../platform/audit-entry.ts';
import type { Database, Tx } from '../../platform/database.ts';
import type { ProjectKey } from '../../platform/project-keys/require-project-key.ts';
import { finishSession, moveMark } from './close.ts';
import { bannerOf } from './banner.ts';
import { hashOfCode } from './code.ts';
import { liveSessionsOf } from './standing.ts';
import { lockSession, lockSessions, type OpenSession, readSession, stateOf } from './store.ts';
import type { TokenSigner } from './tokens.ts';

const HARD_MINUTES = 60;

export interface HandOver {
  readonly code: string;
  /** Id of the session that the host made of it, if it keeps one. */
  readonly hostSessionId?: string | undefined;
}

export interface Exchanged {
  readonly token: string;
  readonly session: {
    readonly id: string;
    readonly scope: string;
    readonly startedAt: string;
    readonly endsAt: string;
    readonly hardEndsAt: string;
    readonly user: { readonly id: string; readonly email: string | null; readonly name: string | null };
    readonly admin: { readonly id: string; readonly email: string };
    readonly reason: string;
    readonly banner: string;
  };
}

/** @returns null whatever is wrong with the code */
export async function exchangeCode(database: Database, signer: TokenSigner, key: ProjectKey, origin: Origin, handOver: HandOver): Promise<Exchanged | null> {
  return database.transaction().execute(async (tx) => {
    const [session] = await lockSessions(tx, sql`s.code_hash = ${hashOfCode(handOver.code)} AND s.state = 'requested'`, { wait: true });
    if (session === undefined) {
      return null;
    }
    if (session.cause !== null) {
      // The refusal is recorded: this commits.
      await finishSession(tx, origin, session, session.cause, session.cause === 'code_unused' ? undefined : 'refused');
      return null;
    }
    return start(tx, signer, key, origin, session, handOver.hostSessionId ?? null);
  });
}

async function start(tx: Tx, signer: TokenSigner, key: ProjectKey, origin: Origin, session: OpenSession, hostSessionId: string | null): Promise<Exchanged> {
  await sql`
    UPDATE admin_center.impersonation_session
    SET state = 'active', started_at = now.at, ends_at = now.at + minutes * interval '1 minute', hard_ends_at = now.at + ${HARD_MINUTES} * interval '1 minute',
      key_id = ${key.id}, host_session_id = ${hostSessionId},
      admin_sessions = ${liveSessionsOf(sql`admin_id`)}, user_sessions = ${liveSessionsOf(sql`impersonation_session.user_id`)}
    FROM (SELECT clock_timestamp() AS at) now
    WHERE id = ${session.id}
  `.execute(tx);
  const started = await lockSession(tx, session.id);
  const { started_at, ends_at, hard_ends_at } = started as { started_at: Date; ends_at: Date; hard_ends_at: Date };
  const facts = await readSession(tx, session.id);
  const token = await signer.sign({
    sessionId: session.id, userId: session.user_id, adminId: session.admin_id, scope: session.scope, audience: key.project, startedAt: started_at, expiresAt: hard_ends_at,
  });
  const sequence = await appendEntry(tx, origin, {
    action: 'impersonation.start',
    outcome: 'success',
    target: { type: 'user', id: session.user_id },
    reason: facts.reason,
    before: stateOf(session),
    after: { ...stateOf(started), adminEmail: session.admin_email, projectKey: key.id },
  });
  await sql`UPDATE admin_center.impersonation_session SET start_sequence = ${sequence} WHERE id = ${session.id}`.execute(tx);
  await moveMark(tx, sequence, ends_at);
  return {
    token,
    session: {
      id: session.id,
      scope: session.scope,
      startedAt: started_at.toISOString(),
      endsAt: ends_at.toISOString(),
      hardEndsAt: hard_ends_at.toISOString(),
      user: { id: session.user_id, email: facts.user.email, name: facts.user.name },
      admin: { id: session.admin_id, email: session.admin_email },
      reason: facts.reason,
      banner: bannerOf(facts),
    },
  };
}
