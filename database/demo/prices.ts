// What Acme charges, in minor units.
import type { Currency } from './countries.ts';
import type { PaidTier } from './tables.ts';

export type BillingInterval = 'month' | 'year';

export const PRICES: Readonly<Record<Currency, Readonly<Record<PaidTier, Readonly<Record<BillingInterval, number>>>>>> = {
  USD: { premium: { month: 999, year: 9990 }, enterprise: { month: 2999, year: 29990 } },
  EUR: { premium: { month: 949, year: 9490 }, enterprise: { month: 2849, year: 28490 } },
  GBP: { premium: { month: 849, year: 8490 }, enterprise: { month: 2499, year: 24990 } },
};

/** Minor units as the decimal text the host's numeric(10,2) columns take. */
export const major = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;
