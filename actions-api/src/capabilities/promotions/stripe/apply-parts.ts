// What working on events of Stripe takes.
import type { Stripe } from 'stripe';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../../platform/audited.ts';
import type { Database } from '../../../platform/database.ts';
import type { ConfirmLead } from '../../../platform/jobs/leader.ts';

export interface ApplyParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly stripe: Stripe;
  readonly clock: Clock;
  readonly log: Logger;
  /** Before what Stripe said is written: a worker that hung since then has a successor, who may know better. */
  readonly confirm: ConfirmLead;
}

/** A later attempt may end otherwise, such as when our own push has gone through. */
export class NotYet extends Error {}
