// Everybody who ever signed up, with their billing history, as rows: all of the company but what follows from sessions.
import { accountOf } from './accounts.ts';
import { adminCitizens, citizenOf, type Citizen } from './citizens.ts';
import { adminRoles, adminUsers } from './admins.ts';
import { dayOf } from './calendar.ts';
import type { Company } from './company.ts';
import { grantLogged, grantOf, grantRow, refundLogged, suspensionLogged, type Grant } from './grants.ts';
import { payerOf, paymentMethodRow } from './payers.ts';
import { paymentRow, type Payment } from './payments.ts';
import { arrivalsOn, misfortuneOf, type Person } from './people.ts';
import { billingOf } from './purchases.ts';
import { aftermathOf, refundRow, stateAt } from './refunds.ts';
import { subscriptionRow, type Subscription } from './subscriptions.ts';
import type { InsertOf } from './tables.ts';
import { tunnelsOf } from './tunnels.ts';

export interface Population {
  readonly citizens: Citizen[];
  readonly users: InsertOf<'users'>[];
  readonly admin_roles: InsertOf<'admin_roles'>[];
  readonly admin_audit_logs: InsertOf<'admin_audit_logs'>[];
  readonly subscriptions: InsertOf<'subscriptions'>[];
  readonly payment_methods: InsertOf<'payment_methods'>[];
  readonly payment_transactions: InsertOf<'payment_transactions'>[];
  readonly refunds: InsertOf<'refunds'>[];
  readonly tunnels: InsertOf<'tunnels'>[];
}

const spanOf = ({ tier, createdAt, canceledAt }: Subscription): Citizen['paid'][number] => ({ tier, from: createdAt, to: canceledAt });
const grantSpan = ({ at, endedAt }: Grant): Citizen['paid'][number] => ({ tier: 'enterprise', from: at, to: endedAt });

function addPayment(company: Company, population: Population, payment: Payment): void {
  const { loadedAt } = company;
  const { status, since } = stateAt(company, payment, loadedAt);
  const row = paymentRow(payment, status, since);
  population.payment_transactions.push(row);
  const aftermath = aftermathOf(company, payment);
  if (aftermath?.kind === 'refund' && aftermath.at <= loadedAt) {
    const refund = refundRow(payment, aftermath, row.currency);
    population.refunds.push(refund);
    population.admin_audit_logs.push(refundLogged(payment, aftermath, refund));
  }
}

/** Subscriptions of a deleted account end with it. */
function endWith(subscription: Subscription, until: number | null): Subscription {
  return until === null || subscription.canceledAt !== null ? subscription : { ...subscription, status: 'canceled', canceledAt: until, changedAt: until };
}

function addPerson(company: Company, population: Population, person: Person, taken: Set<string>): void {
  const misfortune = misfortuneOf(company, person);
  const account = accountOf(person, taken, misfortune);
  const deletedAt = misfortune !== null && misfortune.kind !== 'suspended' ? misfortune.at : null;
  const until = deletedAt ?? company.loadedAt;
  const billing = billingOf(company, person, until, misfortune?.at ?? until);
  const subscriptions = billing.subscriptions.map((subscription) => endWith(subscription, deletedAt));
  const grant = grantOf(company, person, until);
  const first = billing.payments[0];

  population.users.push(account);
  population.subscriptions.push(...subscriptions.map((subscription) => subscriptionRow(subscription, payerOf(person).customerId)));
  billing.payments.forEach((payment) => addPayment(company, population, payment));
  population.tunnels.push(...tunnelsOf(person, until));
  if (first !== undefined) {
    population.payment_methods.push(paymentMethodRow(person, account.email, first.createdAt, company.loadedAt));
  }
  if (grant !== null) {
    population.subscriptions.push(grantRow(grant));
    population.admin_audit_logs.push(grantLogged(person, grant));
  }
  if (misfortune?.kind === 'suspended') {
    population.admin_audit_logs.push(suspensionLogged(person, misfortune));
  }
  const paid = [...subscriptions.map(spanOf), ...(grant === null ? [] : [grantSpan(grant)])];
  population.citizens.push(citizenOf(person, account.jwt_id, misfortune?.at ?? null, paid));
}

/** Everybody up to `company.loadedAt`, in the order they signed up. */
export function populate(company: Company): Population {
  const population: Population = {
    citizens: adminCitizens(company), users: adminUsers(company), admin_roles: adminRoles(company), admin_audit_logs: [],
    subscriptions: [], payment_methods: [], payment_transactions: [], refunds: [], tunnels: [],
  };
  const taken = new Set(population.users.map((user) => user.email.toLowerCase()));
  for (let day = company.foundedOn; day <= dayOf(company.loadedAt); day += 1) {
    for (const person of arrivalsOn(company, day)) {
      if (person.createdAt <= company.loadedAt) {
        addPerson(company, population, person, taken);
      }
    }
  }
  return population;
}
