// Which users of a campaign go without its discount, so that its effect can be measured: a stable draw from the user's id.
import { createHash } from 'node:crypto';

export type Arm = 'treated' | 'holdout';

const DRAWS = 2 ** 32;

/** The same user is on the same side of a campaign for good, and on sides of different campaigns independently. */
export function armOf(campaignKey: string, holdoutShare: number, userId: string): Arm {
  const draw = createHash('sha256').update(`${campaignKey}:${userId.toLowerCase()}`).digest().readUInt32BE(0) / DRAWS;
  return draw < holdoutShare ? 'holdout' : 'treated';
}
