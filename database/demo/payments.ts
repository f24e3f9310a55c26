// One attempt to take money for a subscription: its outcome, its ids and its row.
import { DAY, iso, secondOf } from './calendar.ts';
import { inIncident, type Company } from './company.ts';
import { chooser } from './draws.ts';
import type { Payer } from './payers.ts';
import { major } from './prices.ts';
import { derive, fate, keyOf, purpose, settled, stream, token, uuidOf, type Key } from './random.ts';
import type { InsertOf, PaymentStatus } from './tables.ts';

const PAYMENT = purpose('payment');
const OUTCOME = purpose('outcome');
const CASE = purpose('case of the currency');

export type FailureCode = 'insufficient_funds' | 'card_declined' | 'expired_card' | 'authentication_required' | 'processing_error';

const FAILURES: Readonly<Record<FailureCode, string>> = {
  insufficient_funds: 'Your card has insufficient funds.',
  card_declined: 'Your card was declined.',
  expired_card: 'Your card has expired.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
};
const USUAL_FAILURE = chooser<FailureCode>([['insufficient_funds', 43], ['card_declined', 26], ['expired_card', 15], ['authentication_required', 11], ['processing_error', 5]]);

/** Share of attempts that fail. */
const FAILS = { first: 0.07, renewal: 0.045, retry: 0.45, inIncident: 0.8, afterIncident: 0.08 } as const;
const SEPA_DAYS = 2;

export interface Payment {
  readonly id: string;
  readonly key: Key;
  readonly userId: string;
  readonly subscriptionId: string;
  readonly amountMinor: number;
  readonly payer: Payer;
  readonly failure: FailureCode | null;
  readonly createdAt: number;
  /** When a payment that does not fail stops being pending. */
  readonly settlesAt: number;
}

export interface Charge {
  readonly userId: string;
  readonly subscriptionId: string;
  readonly payer: Payer;
  readonly amountMinor: number;
  readonly at: number;
  readonly attempt: 'first' | 'renewal' | 'retry';
  /** Start of the period the money is for. */
  readonly periodStart: number;
}

/** When a payment that was made at `at` and does not fail stops being pending. */
export const settlesAt = (payer: Payer, at: number): number => at + (payer.type === 'sepa_debit' ? SEPA_DAYS * DAY : 0);

/** The same charge always ends the same way. */
export function charge(company: Company, order: Charge): Payment {
  const key = settled(derive(keyOf(order.subscriptionId), PAYMENT, secondOf(order.at)));
  const random = stream(derive(key, OUTCOME));
  const duringIncident = inIncident(company, order.at);
  const share = duringIncident ? FAILS.inIncident : order.attempt === 'retry' && inIncident(company, order.periodStart) ? FAILS.afterIncident : FAILS[order.attempt];
  const fails = random() < share;
  const code = duringIncident ? 'processing_error' : USUAL_FAILURE(random);
  return {
    id: uuidOf(key),
    key,
    userId: order.userId,
    subscriptionId: order.subscriptionId,
    amountMinor: order.amountMinor,
    payer: order.payer,
    failure: fails ? code : null,
    createdAt: order.at,
    settlesAt: fails ? order.at : settlesAt(order.payer, order.at),
  };
}

/** @param status where the payment stands at the time of the row, @param updatedAt since when */
export function paymentRow(payment: Payment, status: PaymentStatus, updatedAt: number): InsertOf<'payment_transactions'> {
  const { currency } = payment.payer;
  return {
    id: payment.id,
    user_id: payment.userId,
    subscription_id: payment.subscriptionId,
    stripe_payment_intent_id: `pi_3Demo${token(payment.key, 3)}`,
    stripe_charge_id: payment.failure === 'authentication_required' ? null : `ch_3Demo${token(payment.key, 3)}`,
    amount: major(payment.amountMinor),
    // Stripe answers in lower case, the host's default is upper case: real tables hold both.
    currency: fate(payment.key, CASE) < 0.35 ? currency.toLowerCase() : currency,
    status,
    payment_method_type: payment.payer.type,
    payment_method_last4: payment.payer.last4,
    failure_code: payment.failure,
    failure_message: payment.failure === null ? null : FAILURES[payment.failure],
    created_at: iso(payment.createdAt),
    updated_at: iso(updatedAt),
  };
}
