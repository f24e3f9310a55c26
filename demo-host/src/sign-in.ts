// Who sends a request: a session's token as Bearer or cookie. Like the host it stands for, it looks neither at
// suspensions nor at ended sessions: that is what the Admin Center's middleware is for.
import { randomBytes } from 'node:crypto';
import type { HandOff } from '@cloudtolocalllm/admin-center-sdk/hand-off';
import type { Request, RequestHandler } from 'express';
import type { Store, User } from './store.ts';

export const COOKIE = 'acme_session';

export interface RequestUser extends User {
  readonly sessionId: string;
  /** Who acts as this user. */
  readonly act: { readonly sub: string; readonly sid: string } | null;
}

export const userOf = (request: Request): RequestUser | null => (request as Request & { user?: RequestUser }).user ?? null;

/** Sessions of admins who act as a user; they live in this process and end with it. */
export interface Impersonations {
  /** @returns the token of the new session */
  start(handOff: HandOff): string;
  end(token: string): void;
  find(token: string): { readonly userId: string; readonly act: { readonly sub: string; readonly sid: string } } | null;
}

export function createImpersonations(now: () => number): Impersonations {
  const sessions = new Map<string, { readonly userId: string; readonly act: { readonly sub: string; readonly sid: string }; readonly until: number }>();
  return {
    start({ session }) {
      for (const [token, { until }] of sessions) {
        if (until <= now()) {
          sessions.delete(token);
        }
      }
      const token = `imp_${randomBytes(32).toString('base64url')}`;
      sessions.set(token, { userId: session.user.id, act: { sub: session.admin.id, sid: session.id }, until: Date.parse(session.hardEndsAt) });
      return token;
    },
    end: (token) => void sessions.delete(token),
    find(token) {
      const found = sessions.get(token);
      return found === undefined || found.until <= now() ? null : found;
    },
  };
}

export function tokenOf(request: Request): string | null {
  const [scheme, token] = (request.get('authorization') ?? '').split(' ', 2);
  if (scheme?.toLowerCase() === 'bearer' && token !== undefined) {
    return token;
  }
  return new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(request.get('cookie') ?? '')?.[1] ?? null;
}

export const signIn = (store: Store, impersonations: Impersonations): RequestHandler => async (request, _response, next) => {
  const token = tokenOf(request);
  if (token !== null) {
    (request as Request & { user?: RequestUser | null }).user = await find(token);
  }
  next();

  async function find(given: string): Promise<RequestUser | null> {
    const impersonated = impersonations.find(given);
    if (impersonated === null) {
      const user = await store.signedIn(given);
      return user === null ? null : { ...user, act: null };
    }
    const user = await store.user(impersonated.userId);
    return user === null ? null : { ...user, sessionId: impersonated.act.sid, act: impersonated.act };
  }
};

/** For routes that are nobody's business without a session. */
export const requireUser: RequestHandler = (request, response, next) => {
  if (userOf(request) === null) {
    response.status(401).json({ error: 'Sign in first.' });
    return;
  }
  next();
};
