// The host's log of sign-ins (`audit_logs`, action session_created): kept for 30 days, with `users.id` as text.
import { derive, purpose, uuidOf, type Key } from './random.ts';
import type { InsertOf } from './tables.ts';

const SIGN_IN = purpose('sign-in');

export const SIGN_INS_KEPT_DAYS = 30;

export function signInRow(key: Key, session: InsertOf<'user_sessions'>): InsertOf<'audit_logs'> {
  return {
    id: uuidOf(derive(key, SIGN_IN)),
    user_id: session.user_id,
    action: 'session_created',
    resource_type: 'authentication',
    resource_id: session.id,
    details: JSON.stringify({ userId: session.user_id, sessionId: session.id, ip: session.ip_address }),
    ip_address: session.ip_address,
    user_agent: session.user_agent,
    created_at: session.created_at,
    severity: 'info',
  };
}
