// Subscriptions: recurring revenue, its movements, churn, trials, payments and refunds. Definitions D6 to D8, D11.
import { z } from 'zod';
import { defineCapability, TIERS } from './capability.ts';
import { amountMinor, currency, instant, page, pageOf, tier, uuid } from './fields.ts';

export const SUBSCRIPTION_STATES = ['active', 'trialing', 'past_due', 'canceled', 'incomplete'] as const;
export const MRR_COMPONENTS = ['total', 'new', 'expansion', 'contraction', 'churn', 'reactivation', 'paused'] as const;
export const CURRENCIES = ['USD', 'EUR', 'GBP', 'other'] as const;
export const PAYMENT_RESULTS = ['succeeded', 'failed'] as const;
/** Why a payment failed, in five classes of the card networks' codes; `none` for payments that went through. */
export const DECLINE_CLASSES = ['none', 'insufficient_funds', 'card_expired', 'card_declined', 'authentication', 'processing'] as const;
export const REFUND_REASONS = ['customer_request', 'billing_error', 'service_issue', 'duplicate', 'fraudulent', 'other'] as const;

const perCurrency = { currency: CURRENCIES } as const;
const metric = { source: 'exporter', type: 'gauge' } as const;

export const movement = z.object({ userId: uuid, email: z.string(), at: instant, component: z.enum(['new', 'expansion', 'contraction', 'churn', 'reactivation']), currency, fromMinor: amountMinor, toMinor: amountMinor, tier });
export const subscriptionRow = z.object({ id: uuid, userId: uuid, email: z.string(), tier, state: z.enum(SUBSCRIPTION_STATES), currency: currency.nullable(), mrrMinor: amountMinor, createdAt: instant, currentPeriodEnd: instant.nullable(), trialEnd: instant.nullable(), canceledAt: instant.nullable() });

export const subscriptions = defineCapability({
  noun: 'subscriptions',
  title: 'Revenue',
  permissions: {
    'subscriptions:read': { description: 'See subscriptions, revenue and payments.', roles: ['super_admin', 'finance_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_subscriptions', help: 'Subscriptions by state and tier; users without one are not counted here.', labels: { state: SUBSCRIPTION_STATES, tier: TIERS } },
    { ...metric, name: 'admincenter_mrr_amount', help: 'Monthly recurring revenue in major units (D8): `total` now, the other components as movements over the trailing 30 days.', labels: { component: MRR_COMPONENTS, ...perCurrency } },
    { ...metric, name: 'admincenter_mrr_by_tier_amount', help: 'Monthly recurring revenue now in major units, by tier (D8).', labels: { tier: TIERS, ...perCurrency } },
    { ...metric, name: 'admincenter_arpu_amount', help: 'Monthly recurring revenue per paying user in major units.', labels: perCurrency },
    { ...metric, name: 'admincenter_paying_users', help: 'Users with monthly recurring revenue above zero, by tier.', labels: { tier: TIERS } },
    { ...metric, name: 'admincenter_churn_ratio', help: 'Churn over the trailing 30 days: logo (D6), gross and net revenue (D7, over all currencies by count for logo, in the main currency for revenue).', labels: { kind: ['logo', 'gross_revenue', 'net_revenue'], window: ['30d'] } },
    { ...metric, name: 'admincenter_net_revenue_retention_ratio', help: 'Revenue now of the users who paid at the start of the window over their revenue then (D7), in the main currency.', labels: { window: ['30d', '90d'] } },
    { ...metric, name: 'admincenter_trials', help: 'Trials by state and tier: running, converted to a paid invoice, or expired unpaid.', labels: { state: ['running', 'converted', 'expired'], tier: TIERS } },
    { ...metric, name: 'admincenter_trial_conversion_ratio', help: 'Share of the trials that matured in the last 30 days (end plus 7 days of grace) with a paid invoice above zero (D11).', labels: { cohort: ['matured_30d'] } },
    { ...metric, name: 'admincenter_revenue_amount', help: 'Payments received in the trailing 30 days in major units: gross sales, refunds, and net of refunds.', labels: { kind: ['gross', 'refunded', 'net'], ...perCurrency } },
    { ...metric, name: 'admincenter_recent_payments', help: 'Payments of the trailing window that reached a final result, by decline class.', labels: { result: PAYMENT_RESULTS, decline_class: DECLINE_CLASSES, window: ['1d'] } },
    { ...metric, name: 'admincenter_recent_refunds', help: 'Refunds of the trailing window that succeeded, by reason.', labels: { reason: REFUND_REASONS, window: ['1d'] } },
    { ...metric, name: 'admincenter_payments_total', type: 'counter', help: 'Payments that reached a final result since the Admin Center was installed, by decline class.', labels: { result: PAYMENT_RESULTS, decline_class: DECLINE_CLASSES } },
    { ...metric, name: 'admincenter_refunds_total', type: 'counter', help: 'Refunds that succeeded since the Admin Center was installed, by reason.', labels: { reason: REFUND_REASONS } },
  ],
  endpoints: {
    list: {
      method: 'GET', path: '/api/v1/subscriptions', permission: 'subscriptions:read', summary: 'Subscriptions with their recurring amount, newest first.',
      query: z.object({ state: z.enum(SUBSCRIPTION_STATES).optional(), tier: tier.optional(), ...page }), response: pageOf(subscriptionRow),
    },
    movements: {
      method: 'GET', path: '/api/v1/subscriptions/movements', permission: 'subscriptions:read', summary: 'The users behind the movements of recurring revenue, newest first.',
      query: z.object({ from: instant, to: instant, component: movement.shape.component.optional(), ...page }), response: pageOf(movement),
    },
  },
});
