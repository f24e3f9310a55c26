// Part of `npm run generate`: the API's description, from the contracts.
import { capabilities } from '@admin-center/contracts/capabilities';
import { openApiOf } from './src/platform/openapi.ts';

/** Repository path → content. */
export const generate = (): Map<string, string> =>
  new Map([['actions-api/openapi.json', `${JSON.stringify(openApiOf(capabilities), null, 2)}\n`]]);
