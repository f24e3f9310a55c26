// Starts the demo host: `node demo-host/src/main.ts`. Configuration comes from the environment, see config.ts.
import { run } from '@admin-center/platform/run';
import { configSchema } from './config.ts';
import { startDemoHost } from './service.ts';

await run('demo-host', configSchema, startDemoHost);
