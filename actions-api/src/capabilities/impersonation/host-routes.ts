// What hosts ask about impersonation, with the key of a server: exchange a code, look whether a session is live, end one, say
// what a user agrees to, and show a user who looked at their account.
import { CONSENT_HOURS_DEFAULT, CONSENT_HOURS_MAX } from '@admin-center/contracts/impersonation';
import express, { Router, type Request } from 'express';
import { sql } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import type { Origin } from '../../platform/audit-entry.ts';
import { AppError } from '../../platform/errors.ts';
import { projectKeyOf, requireProjectKey } from '../../platform/project-keys/require-project-key.ts';
import type { Services } from '../../platform/services.ts';
import { systemActor } from '../../platform/system-actor.ts';
import { type Closed, finishSession } from './close.ts';
import { createCodeGuard } from './code-guard.ts';
import { consentStateOf, giveConsent, withdrawConsent } from './consent.ts';
import { sessionDuration } from './duration.ts';
import { exchangeCode } from './exchange.ts';
import { doneIn, historyOf } from './history.ts';
import { countDuration } from './service.ts';
import { causeToEnd } from './standing.ts';
import { lockSessions } from './store.ts';
import { createTokenSigner } from './tokens.ts';

const BODY_LIMIT = '4kb';
const USER_AGENT_MAX = 400;

const handOver = z.strictObject({ code: z.string().min(1).max(200), hostSessionId: z.guid().optional(), ip: z.union([z.ipv4(), z.ipv6()]).optional() });
const question = z.strictObject({ sessionId: z.guid() });
const page = { cursor: z.string().max(500).optional(), limit: z.number().int().min(1).max(100).default(20) };
const looking = z.union([z.strictObject({ userId: z.guid(), sessionId: z.guid(), ...page }), z.strictObject({ userId: z.guid(), ...page })]);
const agreeing = z.union([
  z.strictObject({ userId: z.guid() }),
  z.strictObject({ userId: z.guid(), decision: z.literal('give'), hours: z.number().positive().max(CONSENT_HOURS_MAX).default(CONSENT_HOURS_DEFAULT) }),
  z.strictObject({ userId: z.guid(), decision: z.literal('withdraw') }),
]);
const ending = z.union([
  z.strictObject({ sessionId: z.guid() }),
  z.strictObject({ userId: z.guid(), cause: z.enum(['password_reset', 'user_signed_out']) }),
]);

export function impersonationIngestRoutes(services: Services, pool: pg.Pool): Router {
  const { config, database } = services;
  const signer = createTokenSigner(config.IMPERSONATION_KEY_FILE);
  const guard = createCodeGuard(pool);
  const duration = sessionDuration(services.meter);
  const router = Router();
  const guarded = [requireProjectKey(services, ['server']), express.json({ limit: BODY_LIMIT })];

  router.post('/sdk/v1/impersonation/exchange', guarded, async (request: Request, response: express.Response) => {
    const { ip = null, ...handed } = read(handOver, request);
    const key = projectKeyOf(response);
    response.json(await guard.attempt(key, ip, () => exchangeCode(database, signer, key, originOf(request, 'impersonation-exchange'), handed)));
  });

  router.post('/sdk/v1/impersonation/check', guarded, async (request: Request, response: express.Response) => {
    const { sessionId } = read(question, request);
    const { rows } = await sql<{ ends_at: Date }>`
      SELECT s.ends_at FROM admin_center.impersonation_session s WHERE s.id = ${sessionId} AND s.state = 'active' AND ${causeToEnd} IS NULL
    `.execute(database);
    response.json({ live: rows.length === 1, endsAt: rows[0]?.ends_at.toISOString() ?? null });
  });

  router.post('/sdk/v1/impersonation/end', guarded, async (request: Request, response: express.Response) => {
    const asked = read(ending, request);
    const origin = originOf(request, 'impersonation-host');
    const which = 'sessionId' in asked ? sql`s.id = ${asked.sessionId}` : sql`s.user_id = ${asked.userId}`;
    const closed = await database.transaction().execute(async (tx) => {
      const open = await lockSessions(tx, sql`${which} AND s.ended_at IS NULL`, { wait: true });
      const done: Closed[] = [];
      for (const session of open) {
        done.push(await finishSession(tx, origin, session, session.cause ?? ('cause' in asked ? asked.cause : 'ended_at_host')));
      }
      return done;
    });
    closed.forEach((one) => countDuration(duration, one));
    response.json({ ended: closed.length });
  });

  router.post('/sdk/v1/impersonation/consent', guarded, async (request: Request, response: express.Response) => {
    const asked = read(agreeing, request);
    const origin = originOf(request, 'impersonation-host');
    const answer = !('decision' in asked)
      ? consentStateOf(database, asked.userId)
      : asked.decision === 'give'
        ? giveConsent(database, origin, projectKeyOf(response).id, asked.userId, asked.hours)
        : withdrawConsent(database, origin, asked.userId);
    response.json(await answer);
  });

  router.post('/sdk/v1/impersonation/history', guarded, async (request: Request, response: express.Response) => {
    const asked = read(looking, request);
    response.json(await ('sessionId' in asked ? doneIn(database, asked.userId, asked.sessionId, asked) : historyOf(database, asked.userId, asked)));
  });

  router.get('/sdk/v1/jwks', async (_request, response) => {
    response.json(await signer.publicKeys());
  });
  return router;
}

/** Which part acts, and from where the host's server called. */
const originOf = (request: Request, part: string): Origin => ({
  actor: systemActor(part),
  requestId: String(request.id),
  ip: request.socket.remoteAddress ?? null,
  userAgent: request.get('user-agent')?.slice(0, USER_AGENT_MAX) ?? null,
});

function read<S extends z.ZodType>(schema: S, request: Request): z.output<S> {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({ path: ['body', ...issue.path].join('.'), message: issue.message }));
    throw new AppError('body_invalid', 422, 'The body is not what this endpoint takes.', { errors });
  }
  return parsed.data;
}
