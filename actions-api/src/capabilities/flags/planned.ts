// Changes at a planned time: an admin plans them, a worker makes them, as a system actor, to the flag as it is then.
import type { FlagDetail } from '@admin-center/contracts/flags';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type { Recorder, Work } from '../../platform/audited.ts';
import type { Actor } from '../../platform/context.ts';
import type { Database, Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';
import type { Job } from '../../platform/jobs/queue.ts';
import { systemActor } from '../../platform/system-actor.ts';
import { readDetail } from './detail.ts';
import { type DuePlan, endPlan, insertPlan, type Plan, readDue } from './planned-store.ts';
import { keptOf, type Written } from './service.ts';
import { countChange, lockFlags, type NextFlag, readFlag, type StoredFlag, writeFlag } from './store.ts';

const BY = 'flag-schedule';

type PlanWork = Work<StoredFlag, FlagDetail, Written>;

async function lockFlag(tx: Tx, key: string): Promise<StoredFlag> {
  await lockFlags(tx);
  return readFlag(tx, key);
}

export const planChange = (key: string, plan: Pick<Plan, 'at' | 'effect'>, reason: string, actor: Actor, now: Date): PlanWork => ({
  reason,
  read: (tx) => lockFlag(tx, key),
  async run(tx, flag) {
    if (Date.parse(plan.at) <= now.getTime()) {
      throw conflict('plan_in_past', 'This time is over. Make the change now, or plan it for later.');
    }
    // Refused already here where it could not be made today either.
    plannedNext(flag, plan.effect);
    await insertPlan(tx, key, plan, { actor, reason });
    await countChange(tx, actor, 'plan');
    return readDetail(tx, key);
  },
  keep: ({ before, after }) => ({ before: keptOf(before), after: { ...keptOf(after), planned: plan } }),
  respond: ({ result: flag }, auditSequence) => ({ flag, auditSequence, message: `The change of ${key} is planned.` }),
});

export const cancelPlan = (key: string, id: string, reason: string, actor: Actor): PlanWork => ({
  reason,
  read: (tx) => lockFlag(tx, key),
  async run(tx) {
    if (!(await endPlan(tx, key, id, 'canceled', null))) {
      throw conflict('plan_over', 'There is no such plan any more: it was carried out or canceled.');
    }
    await countChange(tx, actor, 'plan');
    return readDetail(tx, key);
  },
  keep: ({ before, after }) => ({ before: keptOf(before), after: { ...keptOf(after), canceled: id } }),
  respond: ({ result: flag }, auditSequence) => ({ flag, auditSequence, message: `The planned change of ${key} is canceled.` }),
});

/** @throws AppError 409 where the flag is in no state for it */
function plannedNext(flag: StoredFlag, effect: Plan['effect']): NextFlag {
  const { state, definition, experimentState } = flag;
  if (state === 'archived' || state === 'killed') {
    throw conflict('flag_not_changeable', `The flag is ${state}; only a person brings it back.`);
  }
  if (effect.kind === 'state') {
    return { state: effect.state, definition, experimentState };
  }
  if (definition.rollout === null) {
    throw conflict('no_rollout', 'The flag has no rollout whose percentage could change.');
  }
  return { state, definition: { ...definition, rollout: { ...definition.rollout, percentage: effect.percentage } }, experimentState };
}

export interface PlanParts {
  readonly database: Database;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Makes what is due; whichever replica comes first. A change that is refused is over, with the reason beside it. */
export async function applyDue({ database, recorder, clock, log }: PlanParts): Promise<void> {
  for (const plan of await readDue(database, clock())) {
    try {
      await recorder.auditedBySystem({
        by: BY, action: 'flags.planned', target: { type: 'flag', id: plan.flag }, reason: plan.reason, log,
        read: (tx) => lockFlag(tx, plan.flag),
        run: (tx, flag) => apply(tx, flag, plan),
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

async function apply(tx: Tx, flag: StoredFlag, { id, effect, reason }: DuePlan): Promise<void> {
  if (!(await endPlan(tx, flag.key, id, 'applied', null))) {
    throw conflict('plan_over', 'Another worker made this change.');
  }
  await writeFlag(tx, flag, plannedNext(flag, effect), { change: 'plan', actor: systemActor(BY), reason });
}
