// Which headers cross the plugin proxy, in each direction (GRAFANA.md section 2, tables of request and response headers).
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Person } from '../people.ts';

/** Meant for one connection only (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Grafana takes these out, so that nothing of the browser's session reaches the API and nobody can bring an identity along. */
const NEVER_FORWARDED = [
  'cookie',
  'authorization',
  'origin',
  'referer',
  'host',
  'content-length',
  'expect',
  'x-grafana-id',
  'x-grafana-user',
  'x-grafana-context',
  'x-grafana-device-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
];

const NEVER_RETURNED = [
  'set-cookie',
  'server',
  'strict-transport-security',
  'alt-svc',
  'content-security-policy',
  'content-security-policy-report-only',
];

export interface RequestIdentity {
  readonly person: Person;
  readonly idToken: string;
  /** Address of the peer; appended to X-Forwarded-For. */
  readonly remoteAddress: string;
}

/** @param routeHeaders rendered headers of the route; they are set last and win */
export function requestHeaders(
  incoming: IncomingHttpHeaders,
  identity: RequestIdentity,
  routeHeaders: ReadonlyArray<readonly [string, string]>,
): OutgoingHttpHeaders {
  const dropped = new Set([...HOP_BY_HOP, ...NEVER_FORWARDED, ...connectionTokens(incoming)]);
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    Object.entries(incoming).filter(([name]) => !dropped.has(name)),
  );
  headers['x-forwarded-for'] = [incoming['x-forwarded-for'], identity.remoteAddress].flat().filter(Boolean).join(', ');
  headers['x-grafana-id'] = identity.idToken;
  headers['x-grafana-context'] = JSON.stringify(grafanaContext(identity.person)).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (incoming.referer !== undefined) {
    headers['x-grafana-referer'] = incoming.referer;
  }
  if (incoming['content-length'] !== undefined) {
    headers['content-length'] = incoming['content-length'];
  }
  for (const [name, content] of routeHeaders) {
    headers[name.toLowerCase()] = content;
  }
  return headers;
}

/** What comes back: never a cookie, and a sandbox so that an answer opened as a page cannot act as this origin. */
export function responseHeaders(upstream: IncomingHttpHeaders): OutgoingHttpHeaders {
  const dropped = new Set([...HOP_BY_HOP, ...NEVER_RETURNED, ...connectionTokens(upstream)]);
  return {
    ...Object.fromEntries(Object.entries(upstream).filter(([name]) => !dropped.has(name))),
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
    via: [upstream.via, '1.1 standalone'].filter(Boolean).join(', '),
  };
}

const connectionTokens = ({ connection }: IncomingHttpHeaders): string[] =>
  (connection ?? '').split(',').map((token) => token.trim().toLowerCase());

/** Unsigned, as Grafana sends it; the API must not trust it. */
const grafanaContext = (person: Person): Record<string, unknown> => ({
  UserID: person.id,
  UserUID: person.uid,
  OrgID: 1,
  OrgName: 'Main Org.',
  OrgRole: person.orgRole,
  Login: person.login,
  Name: person.name,
  Email: person.email,
  Namespace: 'default',
  IsGrafanaAdmin: false,
  IsAnonymous: false,
});
