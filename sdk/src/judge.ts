// Decides about one request by the policy as it is known. Pure, so that each way to be refused can be shown.
import type { Identity } from './identity.ts';
import { decideImpersonated } from './impersonation/decide.ts';
import type { ImpersonatedSession } from './impersonation/types.ts';
import type { HeldPolicy } from './policy/source.ts';

export interface Question {
  readonly identity: Identity | null;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly now: Date;
}

export interface Knowledge {
  readonly policy: HeldPolicy | null;
  /** Milliseconds since it was confirmed; null when it never was. */
  readonly ageMs: number | null;
  /** Older than this it lets no impersonation through. */
  readonly freshForMs: number;
}

export interface Refusal {
  readonly status: 401 | 403 | 503;
  readonly type: 'session-ended' | 'impersonation-over' | 'impersonation-restricted' | 'impersonation-unverified';
  readonly detail: string;
}

export interface Verdict {
  readonly refusal: Refusal | null;
  /** Under which impersonation it was sent, where that is known. */
  readonly session: ImpersonatedSession | null;
  /** Which protected action it was refused as. */
  readonly actionClass: string | null;
}

const PASS: Verdict = { refusal: null, session: null, actionClass: null };
const refused = (status: Refusal['status'], type: Refusal['type'], detail: string): Verdict => ({ ...PASS, refusal: { status, type, detail } });

const ENDED = refused(401, 'session-ended', 'This session was ended by an administrator. Sign in again.');
export const OVER = refused(401, 'impersonation-over', 'This impersonation is over.');
export const UNVERIFIED = refused(503, 'impersonation-unverified', 'Whether this impersonation is still allowed cannot be verified right now, so it is refused.');

export function judge({ identity, method, path, now }: Question, { policy, ageMs, freshForMs }: Knowledge): Verdict {
  if (identity === null) {
    return PASS;
  }
  const { userId, sessionId, act } = identity;
  if (policy !== null && ((userId !== null && policy.refusedUsers.has(userId)) || (sessionId !== null && policy.endedSessions.has(sessionId)))) {
    return ENDED;
  }
  if (act === null || act === undefined) {
    return PASS;
  }
  const rules = policy?.document.impersonation;
  if (rules === undefined || ageMs === null || ageMs > freshForMs) {
    return UNVERIFIED;
  }
  const decision = decideImpersonated(rules, act.sessionId, method, path, now);
  if (!decision.allowed && decision.because === 'session_over') {
    return OVER;
  }
  const { session } = decision;
  if (session.userId !== userId || session.adminId !== act.sub) {
    return OVER;
  }
  return decision.allowed
    ? { ...PASS, session }
    : { ...refused(403, 'impersonation-restricted', 'This is not allowed while you impersonate a user.'), session, actionClass: decision.actionClass };
}
