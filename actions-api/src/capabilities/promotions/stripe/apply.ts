// Works on events of Stripe. What an event says is not believed: its object is asked for anew, so late, doubled and shuffled
// deliveries all end in what is true now.
import { applyCheckout } from './apply-checkout.ts';
import { applyInvoice } from './apply-invoice.ts';
import { applyCode, applyCoupon } from './apply-objects.ts';
import type { ApplyParts } from './apply-parts.ts';
import { type DueEvent, endEvent, type EventEnd, nextEvent, postponeEvent } from './events.ts';
import { failureOf, nextTry } from './failures.ts';

/** At most a quarter of an hour apart: about three days, as long as Stripe itself tries. */
const MOST_ATTEMPTS = 300;

/** Only one worker may do this at a time. @returns whether there was anything due */
export async function applyNext(parts: ApplyParts): Promise<boolean> {
  const { database, clock, log, confirm } = parts;
  const event = await nextEvent(database, clock());
  if (event === null) {
    return false;
  }
  try {
    const end = await apply(parts, event);
    await confirm();
    await endEvent(database, event, end);
  } catch (error) {
    const { message } = error as Error;
    log.warn({ err: error, event: event.id, type: event.type, attempts: event.attempts }, 'an event of Stripe could not be applied');
    await confirm();
    if (failureOf(error)?.kind === 'refused' || event.attempts >= MOST_ATTEMPTS) {
      await endEvent(database, event, 'failed', message);
    } else {
      await postponeEvent(database, event, message, nextTry(clock(), event.attempts));
    }
  }
  return true;
}

function apply(parts: ApplyParts, event: DueEvent): Promise<EventEnd> {
  switch (event.type) {
    case 'coupon.updated':
    case 'coupon.deleted':
      return applyCoupon(parts, event.subjectId);
    case 'promotion_code.created':
    case 'promotion_code.updated':
      return applyCode(parts, event.subjectId);
    case 'invoice.paid':
      return applyInvoice(parts, event.subjectId, event.attempts);
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return applyCheckout(parts, event.subjectId, event.attempts);
  }
}
