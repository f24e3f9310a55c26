// What a host needs to know to hold impersonated requests to their limits: which are refused, which sessions are live.

export interface RefusedAction {
  /** Class of protected action, such as `password`. */
  readonly actionClass: string;
  /** Upper-case HTTP methods; `*` is every one. */
  readonly methods: readonly string[];
  /** `:name` stands for one segment, `**` for any number of them, `*` for any text within one. */
  readonly path: string;
}

export interface ImpersonatedSession {
  readonly id: string;
  readonly userId: string;
  /** Account of the admin at the host. */
  readonly adminId: string;
  readonly scope: 'read' | 'write';
  /** ISO 8601 instant from which on nothing is allowed. */
  readonly endsAt: string;
}

export interface ImpersonationPolicy {
  /** Refused in every session. */
  readonly refused: readonly RefusedAction[];
  /** Changes that the scope `write` allows. */
  readonly writes: readonly Omit<RefusedAction, 'actionClass'>[];
  /** The live ones: a session that is not here is over. */
  readonly sessions: readonly ImpersonatedSession[];
}

export type ImpersonationDecision =
  | { readonly allowed: true; readonly session: ImpersonatedSession }
  /** Answer 401: there is no such session (any more). */
  | { readonly allowed: false; readonly because: 'session_over' }
  /** Answer 403: the session may not do this. */
  | { readonly allowed: false; readonly because: 'restricted'; readonly actionClass: string; readonly session: ImpersonatedSession };
