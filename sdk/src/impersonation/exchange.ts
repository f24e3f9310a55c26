// The hand-off: a one-time code from the Admin Center becomes a session at the host, which stands until one of them ends it.
import type { Settings } from '../options.ts';
import type { PolicySource } from '../policy/source.ts';
import { post } from './post.ts';

/** A person waits for it with each request of the session. */
const CHECK_MS = 3_000;
/** The policy that lets the session in follows its start within a second. */
const KNOWN_WITHIN_MS = 3_000;

/** What a code was exchanged for. The host starts a session of its own with these claims in it. */
export interface HandOff {
  /** A JWT that the Admin Center signed: `sub` is the user, `act.sub` the admin, `sid` the session. */
  readonly token: string;
  readonly session: {
    readonly id: string;
    readonly scope: 'read' | 'write';
    readonly startedAt: string;
    readonly endsAt: string;
    /** No extension goes beyond this. */
    readonly hardEndsAt: string;
    readonly user: { readonly id: string; readonly email: string | null; readonly name: string | null };
    readonly admin: { readonly id: string; readonly email: string };
    readonly reason: string;
    /** What to show on every page of the session. */
    readonly banner: string;
  };
}

/** @throws Error with the Admin Center's own words where it refuses */
export async function exchangeCode(settings: Settings, source: PolicySource, code: string, hostSessionId?: string, ip?: string): Promise<HandOff> {
  const handOff = await post<HandOff>(settings, 'exchange', { code, hostSessionId, ip }, isHandOff);
  await untilKnown(source, handOff.session.id);
  return handOff;
}

function isHandOff({ token, session }: Readonly<Record<string, unknown>>): boolean {
  const { id, user } = (session ?? {}) as { readonly id?: unknown; readonly user?: { readonly id?: unknown } | null };
  return typeof token === 'string' && typeof id === 'string' && typeof user?.id === 'string';
}

const isEnd = ({ ended }: Readonly<Record<string, unknown>>): boolean => typeof ended === 'number';

/** @throws Error when the Admin Center cannot be told */
export async function endSession(settings: Settings, sessionId: string): Promise<void> {
  await post(settings, 'end', { sessionId }, isEnd);
}

/** What the Admin Center cannot see in the host's tables, and what ends every session at this user's account. */
export type UserChange = 'password_reset' | 'user_signed_out';

/** @throws Error when the Admin Center cannot be told */
export async function endSessionsOf(settings: Settings, userId: string, cause: UserChange): Promise<void> {
  await post(settings, 'end', { userId, cause }, isEnd);
}

/** Whether the session stands at this very moment. @throws Error when the Admin Center does not say */
export async function isLive(settings: Settings, sessionId: string): Promise<boolean> {
  return (await post<{ readonly live: boolean }>(settings, 'check', { sessionId }, ({ live }) => typeof live === 'boolean', CHECK_MS)).live;
}

/** So that the first request of the session is not refused for being early. */
function untilKnown(source: PolicySource, sessionId: string): Promise<void> {
  const isKnown = (): boolean => source.current()?.document.impersonation?.sessions.some(({ id }) => id === sessionId) ?? false;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, KNOWN_WITHIN_MS);
    const stop = source.onChange(() => {
      if (isKnown()) {
        end();
      }
    });
    if (isKnown()) {
      end();
    }
  });
}
