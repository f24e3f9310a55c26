// What hosts need to hold impersonated requests to their limits, kept in memory and read again when a session changes.
import type { ImpersonationPolicy } from '@cloudtolocalllm/admin-center-sdk/impersonation/types';
import { sql } from 'kysely';
import type { PolicyPart } from '../../platform/policy/live-part.ts';
import { readRules } from './rules.ts';
import { causeToEnd } from './standing.ts';

export const impersonationPolicy: PolicyPart<ImpersonationPolicy> = {
  name: 'impersonation',
  async read(database) {
    const rules = await readRules(database);
    const { rows } = await sql<{ id: string; user_id: string; admin_id: string; scope: 'read' | 'write'; ends_at: Date }>`
      SELECT s.id, s.user_id, s.admin_id, s.scope, s.ends_at
      FROM admin_center.impersonation_session s
      WHERE s.state = 'active' AND ${causeToEnd} IS NULL
      ORDER BY s.id
    `.execute(database);
    return {
      refused: rules.flatMap(({ actionClass, methods, path }) => (actionClass === null ? [] : [{ actionClass, methods, path }])),
      writes: rules.filter(({ actionClass }) => actionClass === null).map(({ methods, path }) => ({ methods, path })),
      sessions: rows.map((row) => ({ id: row.id, userId: row.user_id, adminId: row.admin_id, scope: row.scope, endsAt: row.ends_at.toISOString() })),
    };
  },
};
