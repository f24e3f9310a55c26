// How a person pays: currency and payment method, told by their id.
import { DAY, iso } from './calendar.ts';
import type { Currency } from './countries.ts';
import { chance, chooser, integer } from './draws.ts';
import type { Person } from './people.ts';
import { derive, purpose, settled, stream, token, uuidOf } from './random.ts';
import type { InsertOf } from './tables.ts';

const PAYER = purpose('payer');
const METHOD = purpose('payment method');
const CUSTOMER = purpose('customer');

const BRANDS = chooser<string>([['visa', 52], ['mastercard', 33], ['amex', 11], ['discover', 4]]);

export interface Payer {
  readonly currency: Currency;
  readonly customerId: string;
  /** A SEPA debit is pending for two days before it succeeds. */
  readonly type: 'card' | 'sepa_debit';
  readonly brand: string | null;
  readonly last4: string;
  readonly expires: { readonly year: number; readonly month: number } | null;
}

export function payerOf(person: Person): Payer {
  const random = stream(derive(person.key, PAYER));
  const { country } = person.character;
  const type = country.currency === 'EUR' && chance(random, 0.16) ? 'sepa_debit' : 'card';
  const brand = BRANDS(random);
  const last4 = String(integer(random, 0, 9999)).padStart(4, '0');
  const signedUp = new Date(person.createdAt).getUTCFullYear();
  const expires = { year: signedUp + integer(random, 1, 4), month: integer(random, 1, 12) };
  return {
    // Some people abroad are billed in dollars all the same.
    currency: chance(random, 0.12) ? 'USD' : country.currency,
    customerId: `cus_Demo${token(derive(person.key, CUSTOMER), 2)}`,
    type,
    brand: type === 'card' ? brand : null,
    last4,
    expires: type === 'card' ? expires : null,
  };
}

/** @param since when they first paid; @param now decides whether the card has expired */
export function paymentMethodRow(person: Person, email: string, since: number, now: number): InsertOf<'payment_methods'> {
  const payer = payerOf(person);
  const key = settled(derive(person.key, METHOD));
  const expired = payer.expires !== null && Date.UTC(payer.expires.year, payer.expires.month, 1) < now - DAY;
  return {
    id: uuidOf(key),
    user_id: person.id,
    stripe_payment_method_id: `pm_1Demo${token(key, 3)}`,
    type: payer.type,
    card_brand: payer.brand,
    card_last4: payer.last4,
    card_exp_month: payer.expires?.month ?? null,
    card_exp_year: payer.expires?.year ?? null,
    billing_email: email,
    billing_address: JSON.stringify({ country: person.character.country.code }),
    is_default: true,
    status: expired ? 'expired' : 'active',
    created_at: iso(since),
    updated_at: iso(since),
  };
}
