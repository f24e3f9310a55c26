// The flags as part of the policy: what OFREP answers from and what hosts hold in memory.
import type { FlagPolicy } from '@cloudtolocalllm/admin-center-sdk/flags/types';
import type { PolicyPart } from '../../platform/policy/live-part.ts';
import { policyOf } from './compile.ts';
import { readServed } from './store.ts';

export const flagsPolicy: PolicyPart<FlagPolicy> = { name: 'flags', read: async (database) => policyOf(await readServed(database)) };
