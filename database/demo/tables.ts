// The host tables the demo company fills: the columns it writes and the form of a row.
// Instants are ISO 8601 text, money is decimal text in major units, JSON is text.
import type { ColumnType } from 'kysely';

type Instant = ColumnType<Date, string, string>;
type InstantOrNull = ColumnType<Date | null, string | null, string | null>;
type Text<T extends string = string> = ColumnType<T, T, T>;
type Money = ColumnType<string, string, string>;
type Json = ColumnType<unknown, string, string>;

/** Rows as they are read and written by queries; `InsertOf` gives the form of a row to write. */
export interface HostTables {
  users: { id: string; email: string; jwt_id: string | null; name: string | null; nickname: string | null; email_verified: boolean; locale: string | null; created_at: Instant; updated_at: Instant; metadata: Json; is_suspended: boolean; suspended_at: InstantOrNull; suspension_reason: string | null; deleted_at: InstantOrNull };
  admin_roles: { id: string; user_id: string; role: string; granted_by: string | null; granted_at: Instant; revoked_at: InstantOrNull; is_active: boolean; created_at: Instant; updated_at: Instant };
  admin_audit_logs: { id: string; admin_user_id: string; admin_role: string; action: string; resource_type: string; resource_id: string; affected_user_id: string | null; details: Json; ip_address: string | null; user_agent: string | null; created_at: Instant };
  subscriptions: { id: string; user_id: string; stripe_subscription_id: string | null; stripe_customer_id: string | null; tier: Text<PaidTier>; status: Text<SubscriptionStatus>; current_period_start: InstantOrNull; current_period_end: InstantOrNull; cancel_at_period_end: boolean; canceled_at: InstantOrNull; trial_start: InstantOrNull; trial_end: InstantOrNull; created_at: Instant; updated_at: Instant; metadata: Json };
  payment_methods: { id: string; user_id: string; stripe_payment_method_id: string; type: string; card_brand: string | null; card_last4: string; card_exp_month: number | null; card_exp_year: number | null; billing_email: string; billing_address: Json; is_default: boolean; status: string; created_at: Instant; updated_at: Instant };
  payment_transactions: { id: string; user_id: string; subscription_id: string; stripe_payment_intent_id: string; stripe_charge_id: string | null; amount: Money; currency: string; status: Text<PaymentStatus>; payment_method_type: string; payment_method_last4: string; failure_code: string | null; failure_message: string | null; created_at: Instant; updated_at: Instant };
  refunds: { id: string; transaction_id: string; stripe_refund_id: string; amount: Money; currency: string; reason: string; status: string; failure_reason: string | null; admin_user_id: string | null; created_at: Instant; updated_at: Instant };
  user_sessions: { id: string; user_id: string; session_token: string; jwt_access_token: string; jwt_id_token: string; refresh_token: string; expires_at: Instant; created_at: Instant; last_activity: Instant; ip_address: string; user_agent: string; is_active: boolean };
  audit_logs: { id: string; user_id: string; action: string; resource_type: string; resource_id: string; details: Json; ip_address: string; user_agent: string; created_at: Instant; severity: string };
  conversations: { id: string; user_id: string; title: string; model: string; created_at: Instant; updated_at: Instant; metadata: Json };
  messages: { id: string; conversation_id: string; role: string; content: string; model: string; status: string; timestamp: Instant };
  tunnels: { id: string; user_id: string; name: string; status: string; config: Json; metrics: Json; created_at: Instant; updated_at: Instant; created_by_ip: string; created_by_user_agent: string };
}
export type TableName = keyof HostTables;
export type PaidTier = 'premium' | 'enterprise';
export type SubscriptionStatus = 'active' | 'canceled' | 'past_due' | 'trialing' | 'incomplete';
export type PaymentStatus = 'pending' | 'succeeded' | 'failed' | 'refunded' | 'partially_refunded' | 'disputed';

type Written<T> = T extends ColumnType<unknown, infer Insert, unknown> ? Insert : T;
export type InsertOf<Name extends TableName> = { readonly [Column in keyof HostTables[Name]]: Written<HostTables[Name][Column]> };
export type UserRow = InsertOf<'users'>;

/** In an order in which no row comes before one it refers to. */
export const COLUMNS: { readonly [Name in TableName]: readonly (keyof HostTables[Name] & string)[] } = {
  users: ['id', 'email', 'jwt_id', 'name', 'nickname', 'email_verified', 'locale', 'created_at', 'updated_at', 'metadata', 'is_suspended', 'suspended_at', 'suspension_reason', 'deleted_at'],
  admin_roles: ['id', 'user_id', 'role', 'granted_by', 'granted_at', 'revoked_at', 'is_active', 'created_at', 'updated_at'],
  admin_audit_logs: ['id', 'admin_user_id', 'admin_role', 'action', 'resource_type', 'resource_id', 'affected_user_id', 'details', 'ip_address', 'user_agent', 'created_at'],
  subscriptions: ['id', 'user_id', 'stripe_subscription_id', 'stripe_customer_id', 'tier', 'status', 'current_period_start', 'current_period_end', 'cancel_at_period_end', 'canceled_at', 'trial_start', 'trial_end', 'created_at', 'updated_at', 'metadata'],
  payment_methods: ['id', 'user_id', 'stripe_payment_method_id', 'type', 'card_brand', 'card_last4', 'card_exp_month', 'card_exp_year', 'billing_email', 'billing_address', 'is_default', 'status', 'created_at', 'updated_at'],
  payment_transactions: ['id', 'user_id', 'subscription_id', 'stripe_payment_intent_id', 'stripe_charge_id', 'amount', 'currency', 'status', 'payment_method_type', 'payment_method_last4', 'failure_code', 'failure_message', 'created_at', 'updated_at'],
  refunds: ['id', 'transaction_id', 'stripe_refund_id', 'amount', 'currency', 'reason', 'status', 'failure_reason', 'admin_user_id', 'created_at', 'updated_at'],
  user_sessions: ['id', 'user_id', 'session_token', 'jwt_access_token', 'jwt_id_token', 'refresh_token', 'expires_at', 'created_at', 'last_activity', 'ip_address', 'user_agent', 'is_active'],
  audit_logs: ['id', 'user_id', 'action', 'resource_type', 'resource_id', 'details', 'ip_address', 'user_agent', 'created_at', 'severity'],
  conversations: ['id', 'user_id', 'title', 'model', 'created_at', 'updated_at', 'metadata'],
  messages: ['id', 'conversation_id', 'role', 'content', 'model', 'status', 'timestamp'],
  tunnels: ['id', 'user_id', 'name', 'status', 'config', 'metrics', 'created_at', 'updated_at', 'created_by_ip', 'created_by_user_agent'],
};
export const TABLES = Object.keys(COLUMNS) as TableName[];
