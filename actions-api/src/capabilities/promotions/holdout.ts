// Which users of a campaign go without its discount, so that its effect can be measured: a stable draw from the user's id.
import { bucketOf, bucketsOf, SEEDS } from '@cloudtolocalllm/admin-center-sdk/flags/bucket';

export type Arm = 'treated' | 'holdout';

/** The same user is on the same side of a campaign for good, and on sides of different campaigns independently. */
export const armOf = (campaignKey: string, holdoutShare: number, userId: string): Arm =>
  bucketOf(`campaign:${campaignKey}`, userId.toLowerCase(), SEEDS.holdOut) < bucketsOf(holdoutShare * 100) ? 'holdout' : 'treated';
