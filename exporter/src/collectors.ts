// The collectors, in the order of their text on the metrics page.
import type { Collector } from './collector.ts';
import { audit } from './collectors/audit.ts';
import { core } from './collectors/core.ts';
import { engagement } from './collectors/engagement.ts';
import { flags } from './collectors/flags.ts';
import { impersonation } from './collectors/impersonation.ts';
import { promotions } from './collectors/promotions.ts';
import { subscriptions } from './collectors/subscriptions.ts';
import { users } from './collectors/users.ts';
import { conversion } from './collectors/conversion.ts';
import { distribution } from './collectors/distribution.ts';

export const collectors: readonly Collector[] = [core, users, engagement, subscriptions, impersonation, flags, promotions, audit, conversion, distribution];
