// Reads who is asking from Grafana's signed ID token (`X-Grafana-Id`; claims in GRAFANA.md section 3).
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Clock } from '@admin-center/platform/clock';
import type { Identity } from '../context.ts';
import { type AppError, denied } from '../errors.ts';
import type { SigningKeys } from './signing-keys.ts';

const CLOCK_SKEW_S = 30;

const claims = z.object({
  sub: z.string().min(1).max(200),
  type: z.string(),
  identifier: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  email_verified: z.boolean().optional(),
  username: z.string().max(320).optional(),
  name: z.string().max(320).optional(),
});

export interface GrafanaIdentityOptions {
  readonly keys: SigningKeys;
  /** Grafana's root URL; the trailing slash belongs to the issuer. */
  readonly issuer: string;
  readonly organisations: readonly number[];
  /** For Grafanas that mark no address as verified; see decision 6 in docs/decisions. */
  readonly trustUnverifiedEmail: boolean;
  readonly clock: Clock;
}

export interface VerifiedIdentity {
  readonly identity: Identity;
  /** The token is genuine, but not one that may act here. */
  readonly refusal: AppError | null;
}

export function createIdentityCheck(options: GrafanaIdentityOptions): (token: string | undefined) => Promise<VerifiedIdentity> {
  const verify = async (token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      typ: 'jwt',
      issuer: options.issuer,
      audience: options.organisations.map((id) => `org:${id}`),
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_SKEW_S,
      currentDate: options.clock(),
    });
    return payload;
  };

  const verifyWithRotation = async (token: string): Promise<JWTPayload> => {
    try {
      return await verify(token, await options.keys.current());
    } catch (error) {
      const mayBeRotation = error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
      if (mayBeRotation && (await options.keys.renew())) {
        return verify(token, await options.keys.current());
      }
      throw error;
    }
  };

  return async (token) => {
    if (token === undefined || token === '') {
      throw denied('identity_missing', 'Grafana sent no ID token with this request, so nobody is known to be asking. Sign in to Grafana again.');
    }
    const payload = await verifyWithRotation(token).catch((error: unknown) => {
      throw explain(error, options.issuer);
    });
    const parsed = claims.safeParse(payload);
    if (!parsed.success) {
      throw denied('identity_malformed', 'The ID token lacks claims that Grafana always sets.');
    }
    const { sub, identifier, email = '', name, username, type, email_verified: verified } = parsed.data;
    const identity = { subject: identifier === undefined ? sub : `${sub} ${identifier}`, email, name: name ?? username ?? null };
    return { identity, refusal: refuse(type, email, verified === true || options.trustUnverifiedEmail) };
  };
}

function refuse(type: string, email: string, trusted: boolean): AppError | null {
  if (type !== 'user') {
    return denied('identity_not_a_person', `Only people may act here, and this token belongs to a ${type}.`);
  }
  if (email === '') {
    return denied('identity_without_email', 'Your Grafana account has no e-mail address, and admins are recognised by it.');
  }
  return trusted ? null : denied('identity_email_unverified', 'Grafana has not verified your e-mail address, and admins are recognised by it.');
}

/** One code for each way a token can be wrong, so that an operator sees which setting to look at. */
function explain(error: unknown, issuer: string): unknown {
  if (error instanceof errors.JWTExpired) {
    return denied('identity_expired', 'Your Grafana ID token has expired. Reload the page.');
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'aud':
        return denied('identity_audience', 'The ID token is for another Grafana organisation. Add it to GRAFANA_ORG_IDS if it may act here.');
      case 'iss':
        return denied('identity_issuer', `The ID token was issued by another Grafana than ${issuer}. Compare GRAFANA_ROOT_URL with Grafana's root_url.`);
      default:
        return denied('identity_malformed', `The ID token is not one of Grafana's: its claim ${error.claim} does not hold.`);
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return denied('identity_algorithm', 'The ID token is not signed with ES256.');
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed) {
    return denied('identity_signature', 'The signature of the ID token is not one of Grafana\'s.');
  }
  return error instanceof errors.JOSEError ? denied('identity_malformed', 'The ID token cannot be read.') : error;
}
