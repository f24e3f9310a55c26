// Changes at a planned time: previewed, held to what was seen and approved like a change that is made at once.
import { blastRadius } from '@admin-center/contracts/fields';
import type { FlagDetail, FlagPreview } from '@admin-center/contracts/flags';
import { requireApproval } from '../../platform/approvals.ts';
import type { Work, WriteContract } from '../../platform/audited.ts';
import { requireSamePreview } from '../../platform/blast-radius.ts';
import type { Actor, RequestContext } from '../../platform/context.ts';
import { readSnapshot, type Tx } from '../../platform/database.ts';
import { conflict } from '../../platform/errors.ts';
import type { Services } from '../../platform/services.ts';
import { readSlo } from '../../platform/slo.ts';
import { readDetail } from './detail.ts';
import { draftOf, foreseenIn, type PlanBody, previewPlanned } from './planned-effect.ts';
import { endPlan, insertPlan, type Plan } from './planned-store.ts';
import { keptOf, PREVIEW_MS, type Written } from './service.ts';
import { countChange, lockFlags, readFlag, type StoredFlag } from './store.ts';

type Parts = Pick<Services, 'config' | 'clock'>;
type PlanWork = Work<StoredFlag, FlagDetail, Written>;

export async function lockFlag(tx: Tx, key: string): Promise<StoredFlag> {
  await lockFlags(tx);
  return readFlag(tx, key);
}

/** @throws AppError where the plan would be refused */
export async function previewPlan({ database, config, clock }: Parts & Pick<Services, 'database'>, key: string, plan: PlanBody): Promise<FlagPreview> {
  requireFuture(plan, clock());
  const [{ preview }, slo] = await Promise.all([
    readSnapshot(database, PREVIEW_MS, async (tx) => previewPlanned(tx, config, await draftOf(tx, await readFlag(tx, key), plan), plan)),
    readSlo(config),
  ]);
  return { ...preview, slo };
}

export interface PlanRequest {
  readonly reason: string;
  readonly previewToken?: string | undefined;
}

export const planChange = ({ config, clock }: Parts, context: RequestContext<WriteContract>, key: string, plan: PlanBody, { reason, previewToken }: PlanRequest): PlanWork => ({
  reason,
  read: (tx) => lockFlag(tx, key),
  async run(tx, flag) {
    requireFuture(plan, clock());
    const draft = await draftOf(tx, flag, plan);
    const { preview, fingerprint } = await previewPlanned(tx, config, draft, plan);
    requireSamePreview(preview, previewToken);
    if (preview.approval === 'needed') {
      await requireApproval(tx, context, { action: context.contract.audit, target: { type: 'flag', id: key }, fingerprint, summary: sentenceOf(key, plan), radius: blastRadius.parse(preview) });
    }
    await insertPlan(tx, key, plan, { actor: context.actor, reason, foreseen: foreseenIn(draft) });
    await countChange(tx, context.actor, 'plan');
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

function requireFuture({ at }: Pick<Plan, 'at'>, now: Date): void {
  if (Date.parse(at) <= now.getTime()) {
    throw conflict('plan_in_past', 'This time is over. Make the change now, or plan it for later.');
  }
}

const sentenceOf = (key: string, { at, effect }: PlanBody): string =>
  `${effect.kind === 'state' ? `Turn the flag ${key} ${effect.state}` : `Set the rollout of the flag ${key} to ${effect.percentage}%`} at ${new Date(at).toISOString()}.`;
