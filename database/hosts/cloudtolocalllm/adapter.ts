// The host adapter of CloudToLocalLLM: the only folder that names host tables. It says what must be there, what our API
// role may change there, and where its views (views/), functions (functions/) and probes (probes.sql) are.
import { fileURLToPath } from 'node:url';

export interface HostGrant {
  readonly privilege: 'SELECT' | 'INSERT' | 'UPDATE';
  readonly table: string;
  readonly columns: readonly string[];
}

export interface HostAdapter {
  readonly title: string;
  /** Where views/, functions/ and probes.sql are. */
  readonly directory: string;
  /** Tables and columns the views read. Without one of them this is not the host's database. */
  readonly requires: Readonly<Record<string, readonly string[]>>;
  /** What the write functions need; nothing else of the host is open to the API role but the views. */
  readonly apiGrants: readonly HostGrant[];
}

export const hostAdapter: HostAdapter = {
  title: 'CloudToLocalLLM',
  directory: fileURLToPath(new URL('.', import.meta.url)),

  requires: {
    'public.users': ['id', 'email', 'jwt_id', 'name', 'nickname', 'username', 'locale', 'email_verified', 'created_at', 'updated_at', 'last_login', 'metadata', 'is_suspended', 'suspended_at', 'suspension_reason', 'deleted_at'],
    'public.user_sessions': ['id', 'user_id', 'created_at', 'last_activity', 'expires_at', 'ip_address', 'user_agent', 'is_active'],
    'public.subscriptions': ['id', 'user_id', 'tier', 'status', 'stripe_subscription_id', 'current_period_start', 'current_period_end', 'cancel_at_period_end', 'canceled_at', 'trial_start', 'trial_end', 'created_at', 'updated_at'],
    'public.payment_transactions': ['id', 'user_id', 'subscription_id', 'amount', 'currency', 'status', 'failure_code', 'payment_method_type', 'payment_method_last4', 'created_at', 'updated_at'],
    'public.refunds': ['id', 'transaction_id', 'amount', 'currency', 'reason', 'status', 'created_at'],
    'public.admin_roles': ['user_id', 'role', 'granted_at', 'revoked_at', 'is_active'],
    'public.admin_audit_logs': ['id', 'created_at', 'admin_user_id', 'admin_role', 'action', 'resource_type', 'resource_id', 'affected_user_id', 'details', 'ip_address', 'user_agent'],
    'public.conversations': ['id', 'user_id', 'created_at', 'updated_at'],
    'public.messages': ['conversation_id', 'role', 'timestamp'],
  },

  apiGrants: [
    { privilege: 'SELECT', table: 'public.users', columns: ['id'] },
    { privilege: 'UPDATE', table: 'public.users', columns: ['is_suspended', 'suspended_at', 'suspension_reason'] },
    { privilege: 'SELECT', table: 'public.user_sessions', columns: ['user_id', 'is_active', 'expires_at'] },
    { privilege: 'UPDATE', table: 'public.user_sessions', columns: ['is_active'] },
    { privilege: 'INSERT', table: 'public.admin_audit_logs', columns: ['admin_user_id', 'admin_role', 'action', 'resource_type', 'resource_id', 'affected_user_id', 'details', 'ip_address', 'user_agent'] },
  ],
};
