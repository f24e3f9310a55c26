// Decides about one request of an impersonated session. Pure. Denied unless allowed: reads outside of the protected
// actions, and with the scope `write` the listed changes.
import type { ImpersonationDecision, ImpersonationPolicy } from './types.ts';

/** Class of a change that is no protected action but lies outside of the session's scope. */
export const OTHER_CHANGE = 'change';
/** No route of a host is longer; it bounds the work of matching. */
const LONGEST_PATH = 1_000;

/** @param path of the request without its query, as the host's router sees it */
export function decideImpersonated(policy: ImpersonationPolicy, sessionId: string, method: string, path: string, now: Date): ImpersonationDecision {
  const session = policy.sessions.find(({ id }) => id === sessionId);
  if (session === undefined || new Date(session.endsAt) <= now) {
    return { allowed: false, because: 'session_over' };
  }
  const verb = method.toUpperCase();
  const spellings = spellingsOf(path.slice(0, LONGEST_PATH));
  const ofMethod = ({ methods }: { readonly methods: readonly string[] }): boolean => methods.includes('*') || methods.includes(verb);
  const refused = policy.refused.find((rule) => ofMethod(rule) && spellings.some((spelling) => patternOf(rule.path).test(spelling)));
  if (refused !== undefined) {
    return { allowed: false, because: 'restricted', actionClass: refused.actionClass, session };
  }
  const reads = verb === 'GET' || verb === 'HEAD';
  const listed = (): boolean => policy.writes.some((rule) => ofMethod(rule) && spellings.every((spelling) => patternOf(rule.path).test(spelling)));
  if (path.length <= LONGEST_PATH && (reads || (session.scope === 'write' && listed()))) {
    return { allowed: true, session };
  }
  return { allowed: false, because: 'restricted', actionClass: OTHER_CHANGE, session };
}

/** As sent, and as a proxy or router could read it: decoded, dots resolved, slashes merged. What one hits is refused, what all hit is listed. */
function spellingsOf(path: string): readonly string[] {
  const spellings = new Set([tidy(path)]);
  let decoded = path;
  for (let round = 0; round < 3; round++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
    spellings.add(tidy(decoded));
  }
  return [...spellings];
}

function tidy(path: string): string {
  const segments: string[] = [];
  for (const segment of path.replaceAll('\\', '/').split('/')) {
    const name = segment.replace(/;.*$/, '');
    if (name === '..') {
      segments.pop();
    } else if (name !== '' && name !== '.') {
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
