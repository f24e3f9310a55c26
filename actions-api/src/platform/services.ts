// What the routes of every capability are made from; app.ts puts it together.
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Telemetry } from '@admin-center/platform/telemetry';
import type { EvaluationCounter } from '../capabilities/flags/ofrep/counter.ts';
import type { Config } from '../config.ts';
import type { Recorder } from './audited.ts';
import type { Database } from './database.ts';
import type { ClientReader } from './events/client-context.ts';
import type { Policy } from './policy/policy.ts';
import type { KeyLimits } from './project-keys/require-project-key.ts';

export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly recorder: Recorder;
  /** What hosts obey, in memory. */
  readonly policy: Policy;
  readonly keyLimits: KeyLimits;
  /** Where an event comes from. */
  readonly readClient: ClientReader;
  /** Of flags, as OFREP serves them. */
  readonly evaluations: EvaluationCounter;
  /** True once the process is about to end: who waits for a change is answered without one. */
  readonly draining: () => boolean;
  readonly meter: Telemetry['meter'];
  readonly clock: Clock;
  readonly log: Logger;
}
