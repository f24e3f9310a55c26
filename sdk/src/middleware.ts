// What happens to each request of the host: whose session was ended is refused, who impersonates is held to the limits,
// and what was done is counted. Only impersonated requests wait for it: each asks whether its session still stands.
import type { ServerResponse } from 'node:http';
import { type EventSender, refusesTracking, remember } from './events/events.ts';
import { inSilence } from './events/silence.ts';
import type { HostRequest, Identity } from './identity.ts';
import type { ImpersonatedSession } from './impersonation/types.ts';
import { isLive } from './impersonation/exchange.ts';
import { judge, OVER, UNVERIFIED, type Verdict } from './judge.ts';
import type { Settings } from './options.ts';
import type { PolicySource } from './policy/source.ts';
import { refuse } from './problem.ts';
import type { Reporter } from './reports/reporter.ts';
import { pathOf, pathsOf, routeOf, shapeOf } from './route-of.ts';

/** What the host finds in `req.adminCenter`. */
export interface RequestState {
  /** Null on everyday requests. Show a banner on every page while it is set. */
  readonly impersonation: ImpersonationBanner | null;
}

export interface ImpersonationBanner {
  readonly sessionId: string;
  readonly userId: string;
  /** The admin who acts; pass it on as the header `Impersonated-By` to services behind you. */
  readonly adminId: string;
  readonly scope: 'read' | 'write';
  readonly endsAt: string;
  readonly remainingSeconds: number;
}

export type Next = (error?: unknown) => void;
export type Middleware = (request: HostRequest, response: ServerResponse, next: Next) => void;

const RETRY_AFTER_S = '5';

export function createMiddleware(settings: Settings, source: PolicySource, reporter: Reporter, events: Pick<EventSender, 'request'>): Middleware {
  const judgeBy = (identity: Identity | null, request: HostRequest, now: Date): Verdict => {
    remember(request, identity);
    const question = { identity, method: request.method ?? 'GET', paths: pathsOf(request), now };
    return judge(question, { policy: source.current(), ageMs: source.ageMs(), freshForMs: settings.freshForMs });
  };
  const answer = (verdict: Verdict, now: Date, request: HostRequest, response: ServerResponse, next: Next): void => {
    const { refusal, session } = verdict;
    if (refusal === null && session !== null) {
      void confirm(verdict, session, now, request, response, next);
    } else {
      act(verdict, now, request, response, next);
    }
  };
  // The policy in memory may be two seconds old, and a role that was taken back counts at once.
  const confirm = async (verdict: Verdict, session: ImpersonatedSession, now: Date, request: HostRequest, response: ServerResponse, next: Next): Promise<void> => {
    const live = await isLive(settings, session.id).catch((error: unknown) => {
      settings.onError(error as Error);
      return null;
    });
    act(live === true ? verdict : { ...verdict, refusal: (live === null ? UNVERIFIED : OVER).refusal }, now, request, response, next);
  };
  const act = ({ refusal, session, actionClass }: Verdict, now: Date, request: HostRequest, response: ServerResponse, next: Next): void => {
    if (session !== null) {
      response.once('close', () => reporter.impersonated(rowOf(request, response, session, actionClass, now)));
    }
    if (refusal === null) {
      (request as { adminCenter?: RequestState }).adminCenter = { impersonation: session === null ? null : bannerOf(session, now) };
      if (session !== null || refusesTracking(request)) {
        inSilence(next);
      } else {
        next();
      }
      return;
    }
    if (response.headersSent) {
      return;
    }
    if (refusal.status === 503) {
      response.setHeader('Retry-After', RETRY_AFTER_S);
    }
    refuse(response, refusal.status, refusal.type, refusal.detail, actionClass === null ? {} : { actionClass });
  };

  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      reporter.request(request.method ?? 'GET', routeOf(request) ?? '*', response.statusCode, (performance.now() - startedAt) / 1_000);
      events.request(request, response);
    });
    // What is thrown until somebody is judged is the host's own error: nobody knows who asks, so nobody can say whether they
    // may. What comes after `next` throws for itself.
    const go = (identity: Identity | null): void => {
      const now = source.now();
      let verdict: Verdict;
      try {
        verdict = judgeBy(identity, request, now);
      } catch (error) {
        next(error);
        return;
      }
      answer(verdict, now, request, response, next);
    };
    const goLater = async (later: Promise<Identity | null>): Promise<void> => {
      const { known, error } = await settle(later, settings.identifyLimitMs);
      if (error === undefined) {
        go(known);
      } else {
        next(error);
      }
    };
    let identity: ReturnType<typeof settings.identify>;
    try {
      identity = settings.identify(request) ?? null;
    } catch (error) {
      next(error);
      return;
    }
    if (isPromise(identity)) {
      void goLater(identity);
    } else {
      go(identity);
    }
  };
}

/** Of whatever library. */
const isPromise = (value: Identity | null | Promise<Identity | null>): value is Promise<Identity | null> => typeof (value as { then?: unknown } | null)?.then === 'function';

interface Settled {
  readonly known: Identity | null;
  readonly error?: unknown;
}

/** Never rejects; what takes longer than the limit is an error with the status 503. */
async function settle(identity: Promise<Identity | null>, limitMs: number): Promise<Settled> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(`adminCenter: \`identify\` did not say who asks within ${limitMs} ms.`), { status: 503 })), limitMs);
  });
  try {
    return { known: (await Promise.race([identity, late])) ?? null };
  } catch (error) {
    return { known: null, error: error ?? new Error('adminCenter: `identify` rejected.') };
  } finally {
    clearTimeout(timer);
  }
}

const bannerOf = ({ id, userId, adminId, scope, endsAt }: ImpersonatedSession, now: Date): ImpersonationBanner => ({
  sessionId: id, userId, adminId, scope, endsAt,
  remainingSeconds: Math.max(0, Math.ceil((Date.parse(endsAt) - now.getTime()) / 1_000)),
});

const rowOf = (request: HostRequest, { statusCode }: ServerResponse, { id }: ImpersonatedSession, actionClass: string | null, now: Date) => ({
  sessionId: id,
  at: now.toISOString(),
  method: request.method ?? 'GET',
  route: routeOf(request) ?? shapeOf(pathOf(request)),
  status: statusCode,
  actionClass,
  blocked: actionClass !== null,
});
