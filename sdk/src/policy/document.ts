// What a host is told, as it travels: the parts of the policy in one document, signed with the key it was asked for with.
import type { FlagPolicy } from '../flags/types.ts';
import type { ImpersonationPolicy } from '../impersonation/types.ts';

/** Whose requests a host refuses. */
export interface SessionPolicy {
  /** Users who are suspended. */
  readonly refusedUsers: readonly string[];
  /** Sessions that were ended, whatever the host's own tables say. */
  readonly endedSessions: readonly string[];
}

export interface PolicyDocument {
  readonly flags: FlagPolicy;
  readonly impersonation: ImpersonationPolicy;
  readonly sessions: SessionPolicy;
}

/** Made up by the host for each question, so that an old answer cannot be played back to it. */
export const NONCE_HEADER = 'x-admin-center-nonce';
/** HMAC-SHA256 in hex over nonce, ETag and body, each of the first two followed by a line feed; a 304 has an empty body. */
export const SIGNATURE_HEADER = 'x-admin-center-signature';

export const signedText = (nonce: string, etag: string, body: string): string => `${nonce}\n${etag}\n${body}`;
