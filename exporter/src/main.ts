// Starts the exporter: `node exporter/src/main.ts`. Configuration comes from the environment, see config.ts.
import { run } from '@admin-center/platform/run';
import { configSchema } from './config.ts';
import { startExporter } from './service.ts';

await run('exporter', configSchema, startExporter);
