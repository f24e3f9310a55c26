// The hash of an audit entry, computed here anew: the verifier must not ask the database to vouch for itself.
// The fields and their order are those of audit_hash and audit_digest in database/migrations/0003-audit.sql.
import { createHash } from 'node:crypto';

/** An entry as it is hashed: everything as text, bytes in hex, the instant in microseconds since 1970. */
export interface ChainRow {
  readonly sequence: number;
  readonly at_micros: string;
  readonly actor_id: string | null;
  readonly actor_subject: string | null;
  readonly actor_role: string;
  readonly action: string;
  readonly outcome: string;
  readonly target_type: string;
  readonly target_id: string;
  readonly request_id: string | null;
  readonly detail_digest: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** The personal part of an entry; `salt` is null once it was erased. */
export interface DetailRow {
  readonly salt: string | null;
  readonly actor_email: string | null;
  readonly reason: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
}

export const GENESIS = '0'.repeat(64);

const NULL_LENGTH = Buffer.from([0xff, 0xff, 0xff, 0xff]);

/** Each field with its length before it, so that no two lists of fields have the same bytes; null has length -1. */
function digestOf(fields: readonly (string | null)[]): string {
  const hash = createHash('sha256');
  for (const field of fields) {
    if (field === null) {
      hash.update(NULL_LENGTH);
    } else {
      const length = Buffer.alloc(4);
      length.writeInt32BE(Buffer.byteLength(field));
      hash.update(length).update(field);
    }
  }
  return hash.digest('hex');
}

export const hashOf = (row: ChainRow): string =>
  digestOf([
    String(row.sequence), row.at_micros, row.actor_id, row.actor_subject, row.actor_role, row.action, row.outcome,
    row.target_type, row.target_id, row.request_id, row.detail_digest, row.previous_hash,
  ]);

export const detailDigestOf = (row: DetailRow): string =>
  digestOf([row.salt, row.actor_email, row.reason, row.before, row.after, row.ip, row.user_agent]);
