// What is known about a request once it is authenticated. Handlers get it beside the parsed input.
import type { IncomingHttpHeaders } from 'node:http';
import type { EndpointContract, Role } from '@admin-center/contracts/capability';
import type { Logger } from '@admin-center/platform/log';

/** The person behind a verified Grafana token. */
export interface Identity {
  /** Grafana's `sub` and `identifier`: stable when name and address change. */
  readonly subject: string;
  /** Empty for identities without one. */
  readonly email: string;
  readonly name: string | null;
}

/** That person as the host knows them. */
export interface Actor extends Identity {
  /** Account in the host; null when it has none that is an admin. */
  readonly userId: string | null;
  readonly roles: readonly Role[];
  /** The strongest role, as the audit log and its metric name it; `system` where no person acts. */
  readonly role: Role | 'none' | 'system';
  readonly permissions: ReadonlySet<string>;
}

export interface RequestContext<E extends EndpointContract = EndpointContract> {
  readonly contract: E;
  readonly requestId: string;
  readonly actor: Actor;
  readonly log: Logger;
  /** The browser's address as Grafana saw it; null when it is unknown. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The request as it reached us, for what is told about the way it came. */
  readonly caller: { readonly peer: string | null; readonly headers: IncomingHttpHeaders };
  /** Set on a write whose client sent an `Idempotency-Key`. */
  readonly idempotency: IdempotencyClaim | null;
}

export interface IdempotencyClaim {
  readonly key: string;
  /** SHA-256 over method, path, query and body: the same key with another request is refused. */
  readonly requestHash: Buffer;
}
