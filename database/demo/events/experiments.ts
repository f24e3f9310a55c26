// Whom the demo's experiments serve which variant, by the evaluator that hosts use, and what the variants really change.
import { evaluate } from '@cloudtolocalllm/admin-center-sdk/flags';
import type { FlagExperiment } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import { flagDefinition } from '@admin-center/contracts/flags-definition';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { STORIES } from '../flag-stories.ts';

export interface DemoExperiment {
  readonly flag: string;
  readonly from: number;
  readonly to: number;
  /** Null: not one of those who take part. */
  variantOf(userId: string): string | null;
}

/** Shares of those who saw a variant. */
export const FIRST_CHATS: Readonly<Record<string, number>> = { long: 0.57, short: 0.66 };
export const CHECKOUTS: Readonly<Record<string, number>> = { monthly: 0.1, annual: 0.15 };

/** Null where the story has no such experiment. */
export function experimentOf(key: string, loadedAt: number): DemoExperiment | null {
  const story = STORIES.find((one) => one.key === key);
  const definition = story === undefined ? null : flagDefinition.parse(story.definition);
  if (story === undefined || definition === null || definition.experiment === null) {
    return null;
  }
  const at = (state: string): number | null => {
    const index = story.chapters.findIndex(({ experiment }) => experiment === state);
    const chapter = story.chapters[index];
    return chapter === undefined ? null : Math.floor(loadedAt / DAY) * DAY - chapter.daysAgo * DAY + 9 * HOUR + index * 20 * MINUTE;
  };
  const { weights, holdOut, exclusionGroup } = definition.experiment;
  const experiment: FlagExperiment = { weights, holdOut, exclusionGroup };
  const { type, offVariant, defaultVariant } = definition;
  const variants = Object.fromEntries(definition.variants.map(({ key: variant, value }) => [variant, value as string]));
  const policy = { flags: { [key]: { type, state: 'on' as const, public: false, salt: key, variants, offVariant, defaultVariant, schedule: { from: null, until: null }, prerequisites: [], users: [], segments: [], tiers: [], experiment, rollout: null } } };
  return {
    flag: key, from: at('running') ?? Number.POSITIVE_INFINITY, to: at('stopped') ?? Number.POSITIVE_INFINITY,
    variantOf(userId) {
      const { ruleId, variant } = evaluate(policy, key, { targetingKey: userId });
      return ruleId === 'experiment' ? variant : null;
    },
  };
}

export const isRunning = ({ from, to }: DemoExperiment, at: number): boolean => at >= from && at < to;
