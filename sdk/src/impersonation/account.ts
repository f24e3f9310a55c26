// What the user has a say in: whether admins may come in, and who did. For a page of the user's own account at the host.
import type { Settings } from '../options.ts';
import { post } from './post.ts';

/** Whether this user has agreed that admins look at their account. */
export interface Consent {
  /** Whether users of this one's tier are asked first. */
  readonly needed: boolean;
  /** ISO 8601 instant until which they agreed; null when they have not. */
  readonly until: string | null;
}

/** A session of an admin at the user's account. */
export interface PastSession {
  readonly id: string;
  /** E-mail of the admin. */
  readonly admin: string;
  readonly reason: string;
  readonly reasonClass: string;
  readonly ticket: string | null;
  readonly scope: 'read' | 'write';
  readonly startedAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
  readonly endCause: string | null;
  readonly requests: number;
  /** Requests that were refused. */
  readonly blocked: number;
}

/** A request that an admin made as the user. */
export interface PastRequest {
  readonly at: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly blocked: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back for the next page; null on the last one. */
  readonly nextCursor: string | null;
}

/** Say these only for the user who is signed in themselves: under impersonation the routes that lead here are refused. */
export interface AccountAccess {
  consentOf(userId: string): Promise<Consent>;
  /** Lets admins in for some hours, 24 unless said otherwise, 30 days at most. */
  giveConsent(userId: string, hours?: number): Promise<Consent>;
  /** Ends at once what was asked for under it. */
  withdrawConsent(userId: string): Promise<Consent>;
  /** Who acted as this user, newest first. */
  sessionsOf(userId: string, cursor?: string): Promise<Page<PastSession>>;
  /** What was done in one of them, oldest first. */
  requestsOf(userId: string, sessionId: string, cursor?: string): Promise<Page<PastRequest>>;
}

/** Each rejects with the Admin Center's own words where it refuses, or when it does not answer. */
export function accountAccess(settings: Settings): AccountAccess {
  const consent = (body: unknown): Promise<Consent> => post(settings, 'consent', body, ({ needed }) => typeof needed === 'boolean');
  const history = <T>(body: unknown): Promise<Page<T>> => post(settings, 'history', body, ({ items }) => Array.isArray(items));
  return {
    consentOf: (userId) => consent({ userId }),
    giveConsent: (userId, hours) => consent({ userId, decision: 'give', hours }),
    withdrawConsent: (userId) => consent({ userId, decision: 'withdraw' }),
    sessionsOf: (userId, cursor) => history({ userId, cursor }),
    requestsOf: (userId, sessionId, cursor) => history({ userId, sessionId, cursor, limit: 100 }),
  };
}
