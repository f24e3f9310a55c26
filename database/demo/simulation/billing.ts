// Purchases, renewals, retries, cancellations, refunds and disputes as they fall due.
import type { Transaction } from 'kysely';
import { iso } from '../calendar.ts';
import { refundLogged } from '../grants.ts';
import { payerOf, paymentMethodRow } from '../payers.ts';
import { paymentRow, type Payment } from '../payments.ts';
import type { Person } from '../people.ts';
import { purchase } from '../purchases.ts';
import { aftermathOf, refundRow, stateAt } from '../refunds.ts';
import { advance, nextEventAt, type Subscription } from '../subscriptions.ts';
import type { HostTables } from '../tables.ts';
import { lockUsable } from './accounts.ts';
import { nextBillingAt, nextChangeAt, rememberPayment, rememberUser } from './agenda.ts';
import type { Begun } from './happenings.ts';
import { byStripe, readSubscriptions, writeSubscription } from './subscriptions.ts';
import type { World } from './world.ts';

interface Moved {
  readonly changed: ReadonlySet<Subscription>;
  readonly payments: readonly Payment[];
}

/** Lets a person's money move up to `to`. Changes the subscriptions given, and adds those bought. */
function move(world: World, person: Person, held: Subscription[], mayBuy: boolean, from: number, to: number): Moved {
  const { company } = world;
  const changed = new Set<Subscription>();
  const payments: Payment[] = [];
  for (let at = nextBillingAt(company, person, held); at !== null && at <= to; at = nextBillingAt(company, person, held)) {
    const last = held.at(-1);
    let payment: Payment | null;
    if (last !== undefined && nextEventAt(company, last) !== null) {
      payment = advance(company, last, payerOf(person), at);
      changed.add(last);
    } else if (mayBuy) {
      // Somebody who could not buy when they wanted to, buys now.
      const bought = purchase(company, person, held, Math.max(at, from + 1));
      held.push(bought.subscription);
      changed.add(bought.subscription);
      payment = bought.payment;
    } else {
      break;
    }
    if (payment !== null) {
      payments.push(payment);
    }
  }
  return { changed, payments };
}

async function writePayment(tx: Transaction<HostTables>, world: World, payment: Payment, to: number): Promise<void> {
  const { status, since } = stateAt(world.company, payment, Math.max(payment.createdAt, Math.min(to, payment.settlesAt)));
  await tx.insertInto('payment_transactions').values(paymentRow(payment, status, since)).onConflict((conflict) => conflict.doNothing()).execute();
  rememberPayment(world.company, world.agenda, payment, status, to);
}

async function writePaymentMethod(tx: Transaction<HostTables>, person: Person, first: Payment, to: number): Promise<void> {
  const { email } = await tx.selectFrom('users').select('email').where('id', '=', person.id).executeTakeFirstOrThrow();
  await tx.insertInto('payment_methods').values(paymentMethodRow(person, email, first.createdAt, to)).onConflict((conflict) => conflict.doNothing()).execute();
}

/** Trials and first paid periods that began after `from`. */
function begunBy({ changed, payments }: Moved, from: number): Begun[] {
  const trials = [...changed].filter(({ createdAt, trialEnd }) => createdAt > from && trialEnd !== null);
  const paid = [...changed].filter(({ id, createdAt, trialEnd }) => payments.some(({ subscriptionId, failure, createdAt: at }) => subscriptionId === id && failure === null && at === (trialEnd ?? createdAt)));
  return [
    ...trials.map(({ id, userId, createdAt, tier }): Begun => ({ id, userId, at: createdAt, name: 'Trial Started', plan: tier })),
    ...paid.map(({ id, userId, createdAt, trialEnd, tier }): Begun => ({ id, userId, at: trialEnd ?? createdAt, name: 'Subscription Started', plan: tier })),
  ];
}

export interface Billed {
  /** Payments. */
  readonly tried: number;
  readonly begun: readonly Begun[];
}

/** Everything that falls due for users up to `to`. */
export async function bill(tx: Transaction<HostTables>, world: World, from: number, to: number): Promise<Billed> {
  const due = [...world.agenda.users].filter(([, at]) => at <= to).map(([userId]) => userId);
  if (due.length === 0) {
    return { tried: 0, begun: [] };
  }
  const usable = await lockUsable(tx, due);
  const held = await readSubscriptions(tx, due, from);
  let tried = 0;
  const begun: Begun[] = [];
  for (const userId of due) {
    const citizen = world.byId.get(userId);
    if (citizen === undefined) {
      continue;
    }
    const { person } = citizen;
    const subscriptions: Subscription[] = byStripe(held.get(userId) ?? []);
    const moved = move(world, person, subscriptions, usable.has(userId), from, to);
    const { changed, payments } = moved;
    for (const subscription of changed) {
      await writeSubscription(tx, subscription, payerOf(person).customerId);
    }
    for (const payment of payments) {
      await writePayment(tx, world, payment, to);
    }
    const [first] = payments;
    if (first !== undefined) {
      await writePaymentMethod(tx, person, first, to);
    }
    rememberUser(world.company, world.agenda, person, subscriptions);
    if ((world.agenda.users.get(userId) ?? to + 1) <= to) {
      world.agenda.users.delete(userId);
    }
    tried += payments.length;
    begun.push(...begunBy(moved, from));
  }
  return { tried, begun };
}

/** Settles, refunds and disputes payments whose time has come. @returns how many refunds were made */
export async function followUp(tx: Transaction<HostTables>, world: World, to: number): Promise<number> {
  let refunds = 0;
  for (const [payment] of [...world.agenda.payments].filter(([, at]) => at <= to)) {
    const row = await tx.selectFrom('payment_transactions').select(['status', 'currency']).where('id', '=', payment.id).forUpdate().executeTakeFirst();
    const aftermath = aftermathOf(world.company, payment);
    const untouched = row !== undefined && (row.status === 'pending' || row.status === 'succeeded');
    if (untouched && aftermath?.kind === 'refund' && aftermath.at <= to) {
      const refund = refundRow(payment, aftermath, row.currency);
      await tx.insertInto('refunds').values(refund).onConflict((conflict) => conflict.doNothing()).execute();
      await tx.insertInto('admin_audit_logs').values(refundLogged(payment, aftermath, refund)).onConflict((conflict) => conflict.doNothing()).execute();
      refunds += 1;
    }
    if (untouched) {
      const { status, since } = stateAt(world.company, payment, to);
      await tx.updateTable('payment_transactions').set({ status, updated_at: iso(since) }).where('id', '=', payment.id).execute();
    }
    const next = nextChangeAt(world.company, payment, to);
    if (next === null) {
      world.agenda.payments.delete(payment);
    } else {
      world.agenda.payments.set(payment, next);
    }
  }
  return refunds;
}
