// What working on events of Stripe takes.
import type { Stripe } from 'stripe';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder } from '../../../platform/audited.ts';
import type { Database } from '../../../platform/database.ts';

export interface ApplyParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly stripe: Stripe;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A later attempt may end otherwise, such as when our own push has gone through. */
export class NotYet extends Error {}
