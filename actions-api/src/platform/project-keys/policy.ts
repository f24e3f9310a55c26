// The project keys that are good, in memory: a request with a key costs no query, and a revoked one is known on every
// replica within a second.
import type { KEY_KINDS } from '@admin-center/contracts/core-keys';
import { sql } from 'kysely';
import type { PolicyPart } from '../policy/live-part.ts';

export type KeyKind = (typeof KEY_KINDS)[number];

export interface KnownKey {
  readonly id: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly project: string;
  /** SHA-256 of the key, in hex. */
  readonly hash: string;
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
}

export const projectKeysPolicy: PolicyPart<Readonly<Record<string, KnownKey>>> = {
  name: 'project-keys',
  async read(database) {
    const { rows } = await sql<KnownKey>`
      SELECT id, name, kind, project, encode(secret_hash, 'hex') AS hash, floor(extract(epoch FROM expires_at) * 1000)::bigint AS "expiresAt"
      FROM admin_center.project_key
      WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
      ORDER BY id
    `.execute(database);
    return Object.fromEntries(rows.map((row) => [row.id, row]));
  },
};
