// Starts the actions API: `node actions-api/src/main.ts`. Configuration comes from the environment, see config.ts.
import { run } from '@admin-center/platform/run';
import { configSchema } from './config.ts';
import { startService } from './service.ts';

await run('actions-api', configSchema, startService);
