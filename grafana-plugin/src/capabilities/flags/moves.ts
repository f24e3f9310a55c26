// Who goes from which variant to which, in words.
import type { FlagPreview } from '@admin-center/contracts/flags';
import { plural } from '../../platform/format.ts';

const NOTHING = 'nothing';

export const moveText = ({ from, to, users }: FlagPreview['moves'][number]): string => `${plural(users, 'user')}: ${from ?? NOTHING} → ${to ?? NOTHING}`;

/** Moves for the blast radius of a write; most users first. */
export const moveFacts = ({ moves }: FlagPreview): ReadonlyArray<readonly [string, string]> =>
  moves.length === 0 ? [['Variants', 'nobody is served another']] : [['Variants', [...moves].sort((a, b) => b.users - a.users).map(moveText).join('; ')]];
