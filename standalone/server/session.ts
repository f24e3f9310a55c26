// Sessions live in the server's memory: the cookie holds 256 random bits and nothing else, a restart signs everybody out.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@admin-center/platform/clock';

export const IDLE_MS = 30 * 60_000;
export const LIFETIME_MS = 12 * 3_600_000;
/** Above this number the session that has been idle longest ends. */
const MAX_SESSIONS = 1_000;

export interface Session {
  readonly login: string;
  readonly startedAt: number;
  lastSeenAt: number;
}

export interface Sessions {
  /** @returns the token for the cookie */
  start(login: string): string;
  /** The live session of a token; marks it as seen. */
  find(token: string | undefined): Session | undefined;
  end(token: string | undefined): void;
}

export function createSessions(clock: Clock): Sessions {
  // Keyed by digest, so that neither a heap dump nor a timing difference gives a usable token. Order is by last use.
  const sessions = new Map<string, Session>();

  const live = (session: Session, now: number): boolean =>
    now - session.lastSeenAt < IDLE_MS && now - session.startedAt < LIFETIME_MS;

  return {
    start(login) {
      const now = clock().getTime();
      for (const [key, session] of sessions) {
        if (!live(session, now) || sessions.size >= MAX_SESSIONS) {
          sessions.delete(key);
        }
      }
      const token = randomBytes(32).toString('base64url');
      sessions.set(digest(token), { login, startedAt: now, lastSeenAt: now });
      return token;
    },
    find(token) {
      if (token === undefined) {
        return undefined;
      }
      const key = digest(token);
      const session = sessions.get(key);
      if (session === undefined) {
        return undefined;
      }
      const now = clock().getTime();
      sessions.delete(key);
      if (!live(session, now)) {
        return undefined;
      }
      session.lastSeenAt = now;
      sessions.set(key, session);
      return session;
    },
    end(token) {
      if (token !== undefined) {
        sessions.delete(digest(token));
      }
    },
  };
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');
