// What happens to every request, in this order: authenticate, permission, parse, run, check the response, answer.
import { type EndpointContract, isRead } from '@admin-center/contracts/capability';
import type { Request, RequestHandler, Response } from 'express';
import type {} from 'pino-http';
import type { Logger } from '@admin-center/platform/log';
import type { Audited, Recorder } from './audited.ts';
import { findActor, requirePermission, withoutRole } from './auth/admins.ts';
import type { VerifiedIdentity } from './auth/grafana-identity.ts';
import type { Actor, RequestContext } from './context.ts';
import type { Database } from './database.ts';
import { AppError } from './errors.ts';
import { clientIp } from './http/client-ip.ts';
import { deadlineOf, withDeadline } from './http/deadline.ts';
import type { RateLimits } from './http/rate-limit.ts';
import { readClaim } from './idempotency.ts';
import { parseRequest, readBody } from './parse.ts';
import { type BodyOf, renderReply, type Reply, sendReply } from './reply.ts';
import type { Route } from './route.ts';

const USER_AGENT_MAX = 400;

export interface Pipeline {
  readonly database: Database;
  readonly checkGateway: (authorization: string | undefined) => void;
  readonly identify: (token: string | undefined) => Promise<VerifiedIdentity>;
  readonly limits: RateLimits;
  readonly recorder: Recorder;
}

export function serve(pipeline: Pipeline, route: Route): RequestHandler {
  return async (request, response) => {
    response.locals['route'] = route.contract.path;
    const { reply, replayed } = await withDeadline(deadlineOf(route.contract), answer(pipeline, route, request, response));
    if (replayed) {
      response.set('Idempotency-Replayed', 'true');
    }
    await sendReply(response, reply);
  };
}

async function answer(pipeline: Pipeline, { contract, handle }: Route, request: Request, response: Response): Promise<{ reply: Reply; replayed: boolean }> {
  const context = await authorize(pipeline, contract, request, response);
  const body = contract.method === 'GET' ? undefined : await readBody(contract, request, response);
  const input = parseRequest(contract, request, body);
  if (isRead(contract)) {
    const result = await handle(input, context);
    return { reply: renderReply(contract, result as BodyOf<EndpointContract>, context.log), replayed: false };
  }
  return (await handle(input, { ...context, idempotency: readClaim(request, input) })) as Audited<EndpointContract>;
}

/** @throws AppError 403 with a type for each reason, 429, or 503 when nobody can be identified right now */
async function authorize(pipeline: Pipeline, contract: EndpointContract, request: Request, response: Response): Promise<RequestContext> {
  const { limits, recorder } = pipeline;
  pipeline.checkGateway(request.get('authorization'));
  const { identity, refusal } = await pipeline.identify(request.get('x-grafana-id'));
  response.locals['subject'] = identity.subject;
  await limits.consume(isRead(contract) ? 'reads' : 'writes', identity.subject, response);

  const contextOf = (actor: Actor): RequestContext => ({
    contract,
    actor,
    requestId: String(request.id),
    log: request.log as Logger,
    ip: clientIp(request.get('x-forwarded-for')),
    userAgent: request.get('user-agent')?.slice(0, USER_AGENT_MAX) ?? null,
    caller: { peer: request.socket.remoteAddress ?? null, headers: request.headers },
    idempotency: null,
  });
  const refuse = async (actor: Actor, error: AppError): Promise<never> => {
    // What is refused is written to the log, so it is limited like a write.
    await limits.consume('writes', identity.subject, response);
    await recorder.record(contextOf(actor), {
      action: 'access.denied',
      outcome: 'denied',
      target: { type: 'endpoint', id: `${contract.method} ${contract.path}` },
      reason: null,
      before: null,
      after: { error: error.code, path: request.path },
    });
    throw error;
  };

  if (refusal !== null) {
    return refuse(withoutRole(identity), refusal);
  }
  let actor = withoutRole(identity);
  try {
    actor = await findActor(pipeline.database, identity);
    requirePermission(actor, contract.permission);
  } catch (error) {
    if (error instanceof AppError && error.status === 403) {
      return refuse(actor, error);
    }
    throw error;
  }
  return contextOf(actor);
}
