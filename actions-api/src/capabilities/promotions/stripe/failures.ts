// What an error of Stripe means: try again later, or tell the admin.
import { Stripe } from 'stripe';

const LONGEST_WAIT_S = 900;

export type Failure =
  | { readonly kind: 'later'; readonly message: string; readonly newRound: boolean }
  | { readonly kind: 'refused'; readonly message: string };

/** @returns null for an error that is not one of talking to Stripe */
export function failureOf(error: unknown): Failure | null {
  if (!(error instanceof Stripe.errors.StripeError)) {
    return null;
  }
  const { message, statusCode = 0 } = error;
  if (error.type === 'StripeIdempotencyError') {
    // In use: the first request is still running. Otherwise what is pushed changed since.
    return { kind: 'later', message, newRound: statusCode !== 409 };
  }
  if (statusCode >= 500) {
    // Stripe would answer the same key with the same error for a day.
    return { kind: 'later', message, newRound: true };
  }
  // Without a status the connection broke. A wrong key says nothing about the object.
  const passing = statusCode === 0 || statusCode === 401 || statusCode === 409 || statusCode === 429;
  return passing ? { kind: 'later', message, newRound: false } : { kind: 'refused', message };
}

export const isMissing = (error: unknown): boolean => error instanceof Stripe.errors.StripeError && error.statusCode === 404;

/** Doubles with every attempt. */
export const nextTry = (at: Date, attempts: number): Date => new Date(at.getTime() + Math.min(2 ** Math.min(attempts, 16), LONGEST_WAIT_S) * 1_000);
