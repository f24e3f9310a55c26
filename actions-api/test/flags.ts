// Definitions of flags for tests, as an admin would send them.
import type { FlagDefinitionInput } from '@admin-center/contracts/flags-definition';
import type { TestApi } from './api.ts';

export const REASON = 'Needed for the release of the week.';

/** On or off for a share of the users. */
export const booleanFlag = (percentage: number | null = 100, more: Partial<FlagDefinitionInput> = {}): FlagDefinitionInput => ({
  name: 'A flag', type: 'boolean', variants: [{ key: 'on', value: true }, { key: 'off', value: false }], offVariant: 'off', defaultVariant: 'off',
  rollout: percentage === null ? null : { percentage, split: [{ variant: 'on', weight: 1 }] },
  ...more,
});

const SUPER = { email: 'super@acme.example' };
let made = 0;

/** Through the API, by a super admin who must exist. @returns its key */
export async function createFlag(api: TestApi, definition: FlagDefinitionInput = booleanFlag(), state: 'on' | 'off' = 'on', key = `made-${(made += 1)}`): Promise<string> {
  const client = api.as(SUPER);
  const created = await client.post(`/api/v1/flags/${key}`, { definition, reason: REASON });
  if (created.status !== 200) {
    throw new Error(`The flag could not be made: ${JSON.stringify(created.body)}`);
  }
  if (state === 'on') {
    await client.post(`/api/v1/flags/${key}/state`, { state, version: 1, reason: REASON });
  }
  return key;
}
