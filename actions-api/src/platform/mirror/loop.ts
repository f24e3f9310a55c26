// Mirrors the host's activity again and again; of several replicas one does it.
import type { Logger } from '@admin-center/platform/log';
import type { Database } from '../database.ts';
import type { ClientReader } from '../events/client-context.ts';
import { leadWhileAlive } from '../jobs/leader.ts';
import { type Loop, startLoop } from '../jobs/loop.ts';
import type { Job } from '../jobs/queue.ts';
import { createMirror, lookBack } from './mirror.ts';

const EVERY_MS = 30_000;

export function startMirror(database: Database, readClient: ClientReader, log: Logger): Loop {
  const mirror = createMirror(database, readClient);
  return startLoop('activity-mirror', EVERY_MS, log, async () => {
    await leadWhileAlive(database, 'activity-mirror', async () => {
      const added = await mirror.run();
      if (added > 0) {
        log.debug({ added }, "the host's activity was mirrored");
      }
    });
  });
}

export const mirrorJobs = (database: Database): readonly Job[] => [{ name: 'reconcile-activity-mirror', cron: '17 3 * * *', atStart: false, run: () => lookBack(database) }];
