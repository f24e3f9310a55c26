// Finds the plugin route of a proxied request: first match in declaration order, one exact method, `*` is what goes on (GRAFANA.md section 2).
import type { ProxyRoute } from '../plugin-files.ts';

export interface RouteMatch {
  readonly route: ProxyRoute;
  /** Decoded segments that `*` stood for; null for a route without one, which forwards to exactly its URL. */
  readonly tail: readonly string[] | null;
}

/**
 * Splits the raw path after `/api/plugin-proxy/<id>/` into decoded segments.
 * Grafana decodes before it forwards, so anything that could turn into another path there is refused here.
 * @returns null for a path with `..`, `.`, empty segments, control characters, or encoded or plain backslashes and slashes inside a segment
 */
export function safeSegments(rawPath: string): readonly string[] | null {
  const segments: string[] = [];
  for (const raw of rawPath.split('/')) {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      return null;
    }
    // A second decoding must not reveal a separator either: %252F is as bad as %2F.
    if (segment === '' || segment === '.' || segment === '..' || /[\\/\p{Cc}]|%(?:2f|5c|2e|25|00)/iu.test(segment)) {
      return null;
    }
    segments.push(segment);
  }
  return segments;
}

export function matchRoute(
  routes: readonly ProxyRoute[],
  method: string,
  segments: readonly string[],
): RouteMatch | null {
  for (const route of routes) {
    const anyMethod = route.method === undefined || route.method === '' || route.method === '*';
    if (!anyMethod && route.method !== method) {
      continue;
    }
    const tail = matchPattern(route.path, segments);
    if (tail !== undefined) {
      return { route, tail };
    }
  }
  return null;
}

/** Literals, `:name` and a final `*`; undefined when it does not match. */
function matchPattern(pattern: string, segments: readonly string[]): readonly string[] | null | undefined {
  const parts = pattern.replace(/^\/+|\/+$/g, '').split('/');
  const rest = parts.at(-1) === '*';
  const fixed = rest ? parts.slice(0, -1) : parts;
  if (rest ? segments.length <= fixed.length : segments.length !== fixed.length) {
    return undefined;
  }
  const matches = fixed.every((part, index) => part.startsWith(':') || part === segments[index]);
  return matches ? (rest ? segments.slice(fixed.length) : null) : undefined;
}
