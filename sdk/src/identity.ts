// Who sent a request, in the host's terms.
import type { IncomingMessage } from 'node:http';

/** Express's request as far as it is used here; other frameworks on Node's http may have the same. */
export interface HostRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
  readonly user?: unknown;
  readonly sessionID?: string;
  /** Of the client, as the host trusts its proxies to tell it. */
  readonly ip?: string | undefined;
}

export interface Identity {
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** Set when somebody acts as this user: RFC 8693's claim, with the id of the impersonation session. */
  readonly act?: { readonly sub: string; readonly sessionId: string } | null | undefined;
}

/** Null: nobody is signed in. */
export type Identify = (request: HostRequest) => Identity | null | Promise<Identity | null>;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null);

export const identifyByConvention = (request: HostRequest): Identity | null => {
  const user = (request.user ?? null) as Readonly<Record<string, unknown>> | null;
  if (user === null || typeof user !== 'object') {
    return null;
  }
  const sessionId = text(user['sessionId']) ?? text(user['sid']) ?? text(request.sessionID);
  const act = user['act'] as Readonly<Record<string, unknown>> | null | undefined;
  return {
    userId: text(user['id']) ?? text(user['sub']),
    sessionId,
    // An `act` that names nobody is still somebody acting: it is refused further on, not overlooked.
    act: act === null || act === undefined ? null : { sub: text(act['sub']) ?? '', sessionId: text(act['sessionId']) ?? text(act['sid']) ?? sessionId ?? '' },
  };
};
