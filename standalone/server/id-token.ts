// X-Grafana-Id: the signed statement of who is asking. Its claims are Grafana's and no others (GRAFANA.md section 3).
import { SignJWT } from 'jose';
import type { Clock } from '@admin-center/platform/clock';
import type { Person } from './people.ts';
import type { SigningKeys } from './signing-keys.ts';

const TTL_SECONDS = 600;
/** A cached token is given out until this long before its end. */
const LEEWAY_SECONDS = 30;

/**
 * The fixed list of claims. `role` is on it because Grafana 12.4 sets it whenever the organisation role is valid
 * (pkg/services/auth/idimpl/service.go); older versions do not, so nobody should rest a decision on it.
 */
export const ID_TOKEN_CLAIMS = [
  'iss',
  'aud',
  'sub',
  'iat',
  'exp',
  'identifier',
  'type',
  'namespace',
  'email',
  'email_verified',
  'authenticatedBy',
  'username',
  'name',
  'role',
] as const;

export type MintIdToken = (person: Person) => Promise<string>;

/** @param publicUrl without a trailing slash; the issuer has one, as Grafana's root_url */
export function createIdTokens(publicUrl: string, keys: SigningKeys, clock: Clock): MintIdToken {
  const cache = new Map<string, { token: string; kid: string; until: number }>();
  return async (person) => {
    const now = Math.floor(clock().getTime() / 1000);
    const { kid, key } = await keys.current();
    const cacheKey = `${person.uid}:${person.orgRole}:${person.email}:${person.name}`;
    const cached = cache.get(cacheKey);
    if (cached !== undefined && cached.kid === kid && now < cached.until) {
      return cached.token;
    }
    const token = await new SignJWT({
      identifier: person.uid,
      type: 'user',
      namespace: 'default',
      email: person.email,
      email_verified: true,
      authenticatedBy: 'standalone',
      username: person.login,
      name: person.name,
      role: person.orgRole,
    })
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'jwt' })
      .setIssuer(`${publicUrl}/`)
      .setAudience(['org:1'])
      .setSubject(`user:${person.id}`)
      .setIssuedAt(now)
      .setExpirationTime(now + TTL_SECONDS)
      .sign(key);
    cache.set(cacheKey, { token, kid, until: now + TTL_SECONDS - LEEWAY_SECONDS });
    return token;
  };
}
