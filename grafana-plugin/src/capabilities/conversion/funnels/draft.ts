// The draft of a funnel in the editor: what it starts as, and what is wrong with it, field by field.
import { DEFAULT_WINDOW_SECONDS, funnelDefinition, type Funnel, type FunnelDefinition } from '@admin-center/contracts/conversion-funnels';
import { complaint } from '../../../platform/complaints.ts';

export type StepDraft = FunnelDefinition['steps'][number];
export type ExclusionDraft = FunnelDefinition['exclusions'][number];

export const emptyStep: StepDraft = { type: 'track', event: '', feature: null, property: null, name: '', windowSeconds: null };
export const emptyExclusion: ExclusionDraft = { type: 'track', event: '', feature: null, property: null, after: 1, before: 2 };
export const emptyDraft: FunnelDefinition = { name: '', description: '', steps: [emptyStep, emptyStep], order: 'ordered', windowSeconds: DEFAULT_WINDOW_SECONDS, exclusions: [], breakdown: 'none' };

export const draftOf = (funnel: Funnel | undefined): FunnelDefinition => funnel?.definition ?? emptyDraft;

/** Complaints by path, such as `steps.1.event`. */
export function problemsOf(draft: FunnelDefinition): Readonly<Record<string, string>> {
  const { error } = funnelDefinition.safeParse(draft, { error: complaint });
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]).reverse());
}

/** An exclusion stays between steps that exist. */
export function withSteps(draft: FunnelDefinition, steps: FunnelDefinition['steps']): FunnelDefinition {
  const exclusions = draft.exclusions.map((exclusion) => ({ ...exclusion, after: Math.min(exclusion.after, steps.length - 1), before: Math.min(exclusion.before, steps.length) }));
  return { ...draft, steps, exclusions };
}

export function moved<T>(list: readonly T[], from: number, by: -1 | 1): T[] {
  const next = [...list];
  const [item] = next.splice(from, 1);
  if (item !== undefined) {
    next.splice(from + by, 0, item);
  }
  return next;
}

/** "Sign-up to paid" → `sign-up-to-paid` */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63);

/** A list with one element replaced, or taken out where there is none for it. */
export const replaced = <T>(list: readonly T[], at: number, item: T | null): T[] => list.flatMap((each, index) => (index !== at ? [each] : item === null ? [] : [item]));
