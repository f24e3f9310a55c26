// Turns BackendSrv options into what fetch takes, by Grafana's rules for addresses, bodies and headers.
import { textUtil } from '@grafana/data';
import { config, type BackendSrvRequest } from '@grafana/runtime';

export const isLocalUrl = (url: string): boolean => !/^https?:\/\//.test(url);

/** Data queries report their errors in the panel, not as a toast. */
export const isDataQuery = (url: string): boolean => /api\/(?:datasources\/proxy|ds\/query|tsdb\/query)/.test(url);

/** @throws Error when `validatePath` is asked for and the path leaves where it should stay */
export function requestUrl({ url, params, validatePath }: BackendSrvRequest): string {
  const path = url.split('?', 1)[0] ?? '';
  if (validatePath === true && /(?:^|[\\/])\.\.(?:[\\/]|$)/.test(fullyDecoded(path))) {
    throw new Error('Invalid request path');
  }
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params ?? {})) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) {
        query.append(key, String(item));
      }
    }
  }
  const full = query.size > 0 ? `${url}${url.includes('?') ? '&' : '?'}${query}` : url;
  return isLocalUrl(full) ? `/${full.replace(/^\/+/, '')}` : textUtil.sanitizeUrl(full);
}

/** `%252e%252e` is as much a way up as `..` when something behind decodes twice. */
function fullyDecoded(path: string): string {
  let decoded = path;
  for (let round = 0; round < 5; round += 1) {
    let next: string;
    try {
      next = decodeURIComponent(decoded);
    } catch {
      return '..';
    }
    if (next === decoded) {
      break;
    }
    decoded = next;
  }
  return decoded;
}

export function requestInit(
  { url, method = 'GET', headers: given, data, credentials, withCredentials }: BackendSrvRequest,
  signal: AbortSignal,
): RequestInit {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given ?? {})) {
    // The session belongs to the host; an Authorization for the target travels under another name.
    headers.set(isLocalUrl(url) && name.toLowerCase() === 'authorization' ? 'X-DS-Authorization' : name, String(value));
  }
  if (!headers.has('accept')) {
    headers.set('accept', 'application/json, text/plain, */*');
  }
  if (isLocalUrl(url)) {
    headers.set('X-Grafana-Org-Id', String(config.bootData.user.orgId));
  }
  const verb = method.toUpperCase();
  const hasBody = data !== undefined && data !== null && !['GET', 'HEAD'].includes(verb);
  if (hasBody && !headers.has('content-type') && ['POST', 'PUT', 'PATCH'].includes(verb)) {
    headers.set('content-type', 'application/json');
  }
  return {
    method: verb,
    headers,
    signal,
    credentials: credentials ?? (withCredentials === true ? 'include' : 'same-origin'),
    ...(hasBody ? { body: requestBody(data, headers.get('content-type')) } : {}),
  };
}

function requestBody(data: unknown, contentType: string | null): BodyInit {
  if (typeof data === 'string' || data instanceof Blob) {
    return data;
  }
  if (contentType?.startsWith('application/json') === true) {
    return JSON.stringify(data);
  }
  return new URLSearchParams(Object.entries(data ?? {}).map(([key, value]) => [key, String(value)]));
}
