// Recurring revenue by its definition, a second time and in another way than the views: not as intervals, but by asking
// of one instant what each subscription brought then. The property test holds the two against each other.

export interface OracleSale {
  readonly at: Date;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface OracleSubscription {
  readonly status: 'active' | 'past_due' | 'canceled';
  readonly canceledAt: Date | null;
  /** How many months a payment is for; 0 is a week. */
  readonly months: 0 | 1 | 3 | 12;
  /** In the order of time. */
  readonly sales: readonly OracleSale[];
}

export interface OracleUser {
  readonly id: string;
  readonly subscriptions: readonly OracleSubscription[];
}

export interface Movements {
  start: number;
  end: number;
  new: number;
  reactivation: number;
  expansion: number;
  contraction: number;
  churn: number;
}

const DAY_MS = 86_400_000;
const DUNNING_MS = 30 * DAY_MS;

/** What a subscription brings per month at an instant, in minor units of its currency. */
function broughtAt({ status, canceledAt, months, sales }: OracleSubscription, at: Date): { currency: string; minor: number } | null {
  const index = sales.findLastIndex((sale) => sale.at <= at);
  const sale = sales[index];
  if (sale === undefined) {
    return null;
  }
  const paidUntil = months === 0 ? new Date(sale.at.getTime() + 7 * DAY_MS) : addMonths(sale.at, months);
  if (at.getTime() >= paidUntil.getTime() + DUNNING_MS) {
    return null;
  }
  const isLast = index === sales.length - 1;
  if (isLast && status === 'canceled' && at >= (canceledAt ?? paidUntil)) {
    return null;
  }
  const perMonth = months === 0 ? (sale.amountMinor * 52) / 12 : sale.amountMinor / months;
  return { currency: sale.currency, minor: Math.round(perMonth) };
}

/** The same day of a later month, or its last day where that month is shorter. */
function addMonths(at: Date, months: number): Date {
  const moved = new Date(at);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(at.getUTCDate(), lastDay));
  return moved;
}

function levelsAt(user: OracleUser, at: Date): Map<string, number> {
  const levels = new Map<string, number>();
  for (const subscription of user.subscriptions) {
    const brought = broughtAt(subscription, at);
    if (brought !== null && brought.minor > 0) {
      levels.set(brought.currency, (levels.get(brought.currency) ?? 0) + brought.minor);
    }
  }
  return levels;
}

/** Whether the user ever brought anything in this currency (or in any) up to an instant. It begins with a sale. */
const broughtBefore = (user: OracleUser, at: Date, currency: string | null): boolean =>
  user.subscriptions.some((subscription) =>
    subscription.sales.some((sale) => {
      const brought = sale.at <= at ? broughtAt(subscription, sale.at) : null;
      return brought !== null && brought.minor > 0 && (currency === null || brought.currency === currency);
    }),
  );

/** Movements of revenue per currency between `days` before an instant and it. */
export function revenueMovements(users: readonly OracleUser[], at: Date, days: number): Map<string, Movements> {
  const then = new Date(at.getTime() - days * DAY_MS);
  const all = new Map<string, Movements>();
  for (const user of users) {
    const before = levelsAt(user, then);
    const now = levelsAt(user, at);
    for (const currency of new Set([...before.keys(), ...now.keys()])) {
      add(all, currency, before.get(currency) ?? 0, now.get(currency) ?? 0, broughtBefore(user, then, currency));
    }
  }
  return all;
}

/** The same for users: 1 who brings anything, 0 who brings nothing. */
export function logoMovements(users: readonly OracleUser[], at: Date, days: number): Movements {
  const then = new Date(at.getTime() - days * DAY_MS);
  const all = new Map<string, Movements>();
  for (const user of users) {
    add(all, 'users', Math.min(1, levelsAt(user, then).size), Math.min(1, levelsAt(user, at).size), broughtBefore(user, then, null));
  }
  return all.get('users') ?? nothing();
}

const nothing = (): Movements => ({ start: 0, end: 0, new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0 });

function add(all: Map<string, Movements>, currency: string, before: number, now: number, paidBefore: boolean): void {
  const sums = all.get(currency) ?? nothing();
  all.set(currency, sums);
  sums.start += before;
  sums.end += now;
  if (before === 0 && now > 0) {
    sums[paidBefore ? 'reactivation' : 'new'] += now;
  } else if (now === 0) {
    sums.churn += before;
  } else if (now > before) {
    sums.expansion += now - before;
  } else {
    sums.contraction += before - now;
  }
}
