// Decides about one request of an impersonated session. Pure. Denied unless allowed: reads outside of the protected
// actions, and with the scope `write` the listed changes.
import type { ImpersonationDecision, ImpersonationPolicy } from './types.ts';

/** Class of a change that is no protected action but lies outside of the session's scope. */
export const OTHER_CHANGE = 'change';
/** No route of a host is longer; it bounds the work of matching. */
const LONGEST_PATH = 1_000;

/** @param paths the path of the request without its query, in each form the host's routers may see it */
export function decideImpersonated(policy: ImpersonationPolicy, sessionId: string, method: string, paths: readonly string[], now: Date): ImpersonationDecision {
  const session = policy.sessions.find(({ id }) => id === sessionId);
  if (session === undefined || new Date(session.endsAt) <= now) {
    return { allowed: false, because: 'session_over' };
  }
  const verb = method.toUpperCase();
  // What answers a GET answers a HEAD, too.
  const verbs = verb === 'HEAD' ? [verb, 'GET'] : [verb];
  const spellings = [...new Set(paths.flatMap((path) => spellingsOf(path.slice(0, LONGEST_PATH))))];
  const ofMethod = ({ methods }: { readonly methods: readonly string[] }): boolean => methods.includes('*') || verbs.some((one) => methods.includes(one));
  const refused = policy.refused.find((rule) => ofMethod(rule) && spellings.some((spelling) => patternOf(rule.path).test(spelling)));
  if (refused !== undefined) {
    return { allowed: false, because: 'restricted', actionClass: refused.actionClass, session };
  }
  const reads = verb === 'GET' || verb === 'HEAD';
  const listed = (): boolean => policy.writes.some((rule) => ofMethod(rule) && spellings.every((spelling) => patternOf(rule.path).test(spelling)));
  if (paths.every((path) => path.length <= LONGEST_PATH) && (reads || (session.scope === 'write' && listed()))) {
    return { allowed: true, session };
  }
  return { allowed: false, because: 'restricted', actionClass: OTHER_CHANGE, session };
}

/**
 * As sent, and as a proxy or router could read it: decoded, slashes merged, dots resolved or taken as names, without what
 * only an absolute address or a fragment adds. What one hits is refused, what all hit is listed.
 */
function spellingsOf(path: string): readonly string[] {
  const spellings = new Set<string>();
  const own = path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  let decoded = own;
  for (let round = 0; round <= 3; round++) {
    for (const read of [decoded, decoded.replace(/[?#].*$/s, '')]) {
      spellings.add(tidy(read, true)).add(tidy(read, false));
    }
    const next = decodeLeniently(decoded);
    if (next === decoded) {
      break;
    }
    decoded = next;
  }
  return [...spellings];
}

/** An escape that is none stays, and keeps no other one from being read. */
const decodeLeniently = (path: string): string =>
  path.replaceAll(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replaceAll(/%([0-7][\da-f])/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
    }
  });

function tidy(path: string, resolveDots: boolean): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    const name = segment.replace(/;.*$/, '');
    if (resolveDots && name === '..') {
      segments.pop();
    } else if (name !== '' && !(resolveDots && name === '.')) {
      segments.push(name);
    }
  }
  return `/${segments.join('/')}`;
}

const patterns = new Map<string, RegExp>();

/** Without regard to case, as Express matches routes. */
function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) {
    return known;
  }
  const source = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment === '**' ? '(?:/[^/]+)*' : `/${segment.startsWith(':') ? '[^/]+' : segment.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*')}`))
    .join('');
  const pattern = new RegExp(`^${source === '' ? '/' : source}/?$`, 'i');
  patterns.set(path, pattern);
  return pattern;
}
