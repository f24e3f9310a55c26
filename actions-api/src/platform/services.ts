// What the routes of every capability are made from; app.ts puts it together.
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Config } from '../config.ts';
import type { Recorder } from './audited.ts';
import type { Database } from './database.ts';

export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
}
