// Redemptions of single purchases: a checkout that was paid at once and has no invoice, whose discounts nothing else tells.
// Whose it was stands in `client_reference_id`, where the host puts the id of its user.
import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../../platform/database.ts';
import type { ApplyParts } from './apply-parts.ts';
import type { EventEnd } from './events.ts';
import { recordUses, type Subscriber, useOf } from './record-use.ts';

export async function applyCheckout(parts: ApplyParts, sessionId: string, attempts: number): Promise<EventEnd> {
  const { database, stripe } = parts;
  const { mode, payment_status, invoice, total_details, amount_subtotal, currency, client_reference_id } = await stripe.checkout.sessions.retrieve(sessionId, { expand: ['total_details.breakdown'] });
  // What has an invoice is told by `invoice.paid`, and what is not paid yet by `checkout.session.async_payment_succeeded`.
  if (mode !== 'payment' || payment_status === 'unpaid' || invoice !== null) {
    return 'ignored';
  }
  const uses = (total_details?.breakdown?.discounts ?? []).flatMap(({ amount, discount }) => useOf(amount, discount) ?? []);
  return recordUses(parts, uses, { subtotalMinor: amount_subtotal ?? 0, currency: currency ?? 'usd', subscription: null, findUser: () => findUser(database, client_reference_id) }, attempts);
}

async function findUser(database: Database, reference: string | null): Promise<Subscriber | null> {
  if (!z.guid().safeParse(reference).success) {
    return null;
  }
  const { rows } = await sql<Subscriber>`
    SELECT a.user_id, coalesce(e.tier, 'free') AS tier FROM admin_center.account a LEFT JOIN admin_center.entitlement e USING (user_id) WHERE a.user_id = ${reference}
  `.execute(database);
  return rows[0] ?? null;
}
