// Redemptions that customers of Stripe made with a subscription: the discounts of ours on a paid invoice.
import { sql } from 'kysely';
import type { Database } from '../../../platform/database.ts';
import type { ApplyParts } from './apply-parts.ts';
import type { EventEnd } from './events.ts';
import { recordUses, type Subscriber, useOf } from './record-use.ts';

export async function applyInvoice(parts: ApplyParts, invoiceId: string, attempts: number): Promise<EventEnd> {
  const { database, stripe } = parts;
  const { status, total_discount_amounts, parent, subtotal, currency } = await stripe.invoices.retrieve(invoiceId, { expand: ['total_discount_amounts.discount'] });
  const details = parent?.subscription_details?.subscription ?? null;
  const subscription = typeof details === 'string' ? details : (details?.id ?? null);
  const uses = status === 'paid' ? (total_discount_amounts ?? []).flatMap(({ amount, discount }) => useOf(amount, discount) ?? []) : [];
  return recordUses(parts, uses, { subtotalMinor: subtotal, currency, subscription, findUser: () => findUser(database, subscription) }, attempts);
}

async function findUser(database: Database, subscription: string | null): Promise<Subscriber | null> {
  const { rows } = await sql<Subscriber>`SELECT user_id, tier FROM admin_center.subscription WHERE stripe_subscription_id = ${subscription}::text`.execute(database);
  return rows[0] ?? null;
}
