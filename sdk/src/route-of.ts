// The route of a request, without the ids in its path.
import type { HostRequest } from './identity.ts';

export const pathOf = (request: HostRequest): string => (request.originalUrl ?? request.url ?? '/').split('?', 1)[0] as string;

/** Where routers that were mounted, or that a host lets rewrite `url`, look for a route: not only what was sent. */
export function pathsOf(request: HostRequest): readonly string[] {
  const [sent, routed] = [pathOf(request), `${request.baseUrl ?? ''}${request.url ?? '/'}`.split('?', 1)[0] as string];
  return sent === routed ? [sent] : [sent, routed];
}

/** As Express matched it; null when no route did, or not yet. */
export function routeOf({ baseUrl = '', route }: HostRequest): string | null {
  return typeof route?.path === 'string' ? (baseUrl + route.path).slice(0, 200) : null;
}

const ID = /^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[^/]*[@%|][^/]*|[^/]{25,})$/i;

/** A path whose ids, addresses and long segments are replaced, for requests that no route has matched. */
export const shapeOf = (path: string): string =>
  path.split('/').slice(0, 12).map((segment) => (ID.test(segment) ? ':id' : segment)).join('/').slice(0, 200) || '/';
