// Decides about one request by the policy as it is known. Pure, so that each way to be refused can be shown.
import type { Identity } from './identity.ts';
import { decideImpersonated } from './impersonation/decide.ts';
import type { ImpersonatedSession } from './impersonation/types.ts';
import type { HeldPolicy } from './policy/source.ts';

export interface Question {
  readonly identity: Identity | null;
  readonly method: string;
  /** Without its query, in each form a router of the host may see. */
  readonly paths: readonly string[];
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

/** Hosts may write the UUIDs that the Admin Center knows users and sessions by in capitals. */
const plain = (id: string | null | undefined): string | null => (UUID.test(id ?? '') ? (id as string).toLowerCase() : (id ?? null));
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function judge({ identity, method, paths, now }: Question, { policy, ageMs, freshForMs }: Knowledge): Verdict {
  if (identity === null) {
    return PASS;
  }
  const { act } = identity;
  const [userId, sessionId] = [plain(identity.userId), plain(identity.sessionId)];
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
  const decision = decideImpersonated(rules, plain(act.sessionId) ?? '', method, paths, now);
  if (!decision.allowed && decision.because === 'session_over') {
    return OVER;
  }
  const { session } = decision;
  if (session.userId !== userId || session.adminId !== plain(act.sub)) {
    return OVER;
  }
  return decision.allowed
    ? { ...PASS, session }
    : { ...refused(403, 'impersonation-restricted', 'This is not allowed while you impersonate a user.'), session, actionClass: decision.actionClass };
}
