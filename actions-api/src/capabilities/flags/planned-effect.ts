// What a planned change makes of a flag, whom that touches, and whether it still does what was previewed and approved.
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import type { Config } from '../../config.ts';
import { previewToken } from '../../platform/blast-radius.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { AppError, conflict } from '../../platform/errors.ts';
import { neededBy, versionsOf } from './effect.ts';
import { type Plan, readEffectsUntil } from './planned-store.ts';
import { type Draft, type Preview, previewOf } from './preview.ts';
import { type NextFlag, readFlags, type StoredFlag } from './store.ts';

export type PlanBody = Pick<Plan, 'at' | 'effect'>;
export type PlanDraft = Draft & { readonly current: StoredFlag };

/** @throws AppError 409 where the flag is in no state for it */
export function plannedNext(flag: Pick<StoredFlag, 'state' | 'definition' | 'experimentState'>, effect: Plan['effect']): NextFlag {
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
  const changed = flagDefinition.safeParse({ ...definition, rollout: { ...definition.rollout, percentage: effect.percentage } });
  // A definition that cannot be read again would take all flags with it.
  if (!changed.success) {
    throw conflict('percentage_too_fine', 'The percentage is finer than buckets can show. Plan the change again, with at most three decimals.');
  }
  return { state, definition: changed.data, experimentState };
}

/** The change made to the flag as it is. */
export async function draftNow(database: Queryable, flag: StoredFlag, effect: Plan['effect']): Promise<PlanDraft> {
  return { key: flag.key, salt: flag.salt, current: flag, next: plannedNext(flag, effect), all: await readFlags(database) };
}

/** The change made to the flag as the plans before it will have left it. */
export async function draftOf(database: Queryable, flag: StoredFlag, { at, effect }: PlanBody): Promise<PlanDraft> {
  const earlier = await readEffectsUntil(database, flag.key, at);
  const current = earlier.reduce(following, flag);
  const all = await readFlags(database);
  return { key: flag.key, salt: flag.salt, current, next: plannedNext(current, effect), all: all.map((other) => (other.key === flag.key ? current : other)) };
}

/** A plan that will be refused leaves the flag as it is. */
function following(flag: StoredFlag, effect: Plan['effect']): StoredFlag {
  try {
    return { ...flag, ...plannedNext(flag, effect) };
  } catch (error) {
    if (error instanceof AppError) {
      return flag;
    }
    throw error;
  }
}

/** At the time of the plan, when schedules may serve others than now. */
export async function previewPlanned(tx: Tx, config: Pick<Config, 'APPROVAL_USER_THRESHOLD'>, draft: Draft, { at, effect }: PlanBody): Promise<Preview> {
  const { preview, fingerprint } = await previewOf(tx, config, draft, new Date(at));
  const plan = [new Date(at).toISOString(), effect];
  return { preview: { ...preview, token: previewToken([preview.token, plan]) }, fingerprint: previewToken([fingerprint, plan]) };
}

const essenceOf = ({ state, definition, experimentState }: NextFlag): NextFlag => ({ state, definition, experimentState });

/** The same for two changes that make the same of the same. */
export const foreseenIn = (draft: PlanDraft): string => previewToken([essenceOf(draft.current), essenceOf(draft.next), versionsOf(neededBy(draft))]);

/** @throws AppError 409 for a change that is another than the one somebody looked at, and more than one admin may make alone */
export async function requireForeseen(tx: Tx, config: Pick<Config, 'APPROVAL_USER_THRESHOLD'>, draft: PlanDraft, foreseen: string | null, now: Date): Promise<void> {
  if (foreseen === foreseenIn(draft)) {
    return;
  }
  const { preview } = await previewOf(tx, config, draft, now);
  if (preview.approval === 'needed') {
    throw conflict('plan_outgrown', 'The flag is another by now than when this was planned, and the change would touch more paying users than one admin may. Plan it again.');
  }
}
