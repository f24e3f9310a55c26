// The list of capabilities. `npm run new` adds a line here; checks/ compares it with the folder.
import type { Capability } from './capability.ts';
import { audit } from './audit.ts';
import { core } from './core.ts';
import { engagement } from './engagement.ts';
import { flags } from './flags.ts';
import { impersonation } from './impersonation.ts';
import { promotions } from './promotions.ts';
import { subscriptions } from './subscriptions.ts';
import { users } from './users.ts';
import { conversion } from './conversion.ts';
import { distribution } from './distribution.ts';

export const capabilities: readonly Capability[] = [core, users, engagement, subscriptions, impersonation, flags, promotions, audit, conversion, distribution];
