// A route is a contract and a handler whose types follow from it. A read returns the answer; a write returns what
// `audited` made of it, so a write that forgets the audit log does not compile.
import type { EndpointContract, ParsedRequest } from '@admin-center/contracts/capability';
import type { Audited } from './audited.ts';
import type { RequestContext } from './context.ts';
import type { BodyOf } from './reply.ts';

export type Handler<E extends EndpointContract> = (
  request: ParsedRequest<E>,
  context: RequestContext<E>,
) => Promise<E extends { readonly audit: string } ? Audited<E> : BodyOf<E>>;

/** A contract with its handler, its types forgotten: what a list of routes holds. */
export interface Route {
  readonly contract: EndpointContract;
  readonly handle: (request: unknown, context: RequestContext) => Promise<unknown>;
}

export function route<const E extends EndpointContract>(contract: E, handler: Handler<E>): Route {
  return { contract, handle: handler as Route['handle'] };
}
