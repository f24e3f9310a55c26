// The worker's part of Stripe: pushes what is due, and works on what Stripe told. Without a key it does not run.
import { leadWhileAlive } from '../../../platform/jobs/leader.ts';
import { startLoop, type Loop } from '../../../platform/jobs/loop.ts';
import { applyNext } from './apply.ts';
import type { ApplyParts } from './apply-parts.ts';
import { pushNext } from './push.ts';

const LOOK_MS = 1_000;
/** A run ends after these, so that a worker that is to stop does not work on a long queue first. */
const AT_ONCE = 50;

export function startStripeLoops(parts: Omit<ApplyParts, 'confirm'>): readonly Loop[] {
  return [
    startLoop('stripe-push', LOOK_MS, parts.log, () => untilDone(() => pushNext(parts))),
    startLoop('stripe-events', LOOK_MS, parts.log, async () => {
      await leadWhileAlive(parts.database, 'stripe-events', (confirm) => untilDone(() => applyNext({ ...parts, confirm })));
    }),
  ];
}

async function untilDone(next: () => Promise<boolean>): Promise<void> {
  for (let done = 0; done < AT_ONCE && (await next()); done++) {
    // The next one.
  }
}
