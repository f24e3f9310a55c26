// Makes planned changes at their time, as a system actor, to the flag as it is then.
import type { Logger } from '@admin-center/platform/log';
import type { Config } from '../../config.ts';
import type { Recorder } from '../../platform/audited.ts';
import type { Database, Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';
import type { Job } from '../../platform/jobs/queue.ts';
import { systemActor } from '../../platform/system-actor.ts';
import { lockFlag } from './planned.ts';
import { draftNow, requireForeseen } from './planned-effect.ts';
import { type DuePlan, endPlan, readDue } from './planned-store.ts';
import { keptOf } from './service.ts';
import { type StoredFlag, writeFlag } from './store.ts';

const BY = 'flag-schedule';

export interface PlanParts {
  readonly config: Pick<Config, 'APPROVAL_USER_THRESHOLD'>;
  readonly database: Database;
  readonly recorder: Recorder;
  /** The database's, whatever this process's own clock says. */
  readonly now: () => Promise<Date>;
  readonly log: Logger;
}

/** Makes what is due; whichever replica comes first. A change that is refused is over, with the reason beside it. */
export async function applyDue({ config, database, recorder, now, log }: PlanParts): Promise<void> {
  const time = await now();
  for (const plan of await readDue(database, time)) {
    try {
      await recorder.auditedBySystem({
        by: BY, action: 'flags.planned', target: { type: 'flag', id: plan.flag }, reason: plan.reason, log,
        read: (tx) => lockFlag(tx, plan.flag),
        run: (tx, flag) => apply(tx, config, flag, plan, time),
        keep: ({ before, after }) => ({ before: keptOf(before), after: { ...keptOf(after), plan: plan.id } }),
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'plan_over') {
        log.warn({ err: error, flag: plan.flag, plan: plan.id }, 'a planned change was not made now');
        continue;
      }
      await database.transaction().execute((tx) => endPlan(tx, plan.flag, plan.id, 'failed', error.message));
    }
  }
}

/** Within a few seconds of its time. */
export const flagsJobs = (parts: PlanParts): readonly Job[] => [
  { name: 'apply-planned-flag-changes', cron: '* * * * *', repeatAfterSeconds: 5, atStart: true, run: () => applyDue(parts) },
];

async function apply(tx: Tx, config: PlanParts['config'], flag: StoredFlag, { id, effect, reason, foreseen }: DuePlan, now: Date): Promise<void> {
  if (!(await endPlan(tx, flag.key, id, 'applied', null))) {
    throw conflict('plan_over', 'Another worker made this change.');
  }
  const draft = await draftNow(tx, flag, effect);
  await requireForeseen(tx, config, draft, foreseen, now);
  await writeFlag(tx, flag, draft.next, { change: 'plan', actor: systemActor(BY), reason });
}
