// Starts the exporter: `node exporter/src/main.ts`. Configuration comes from the environment, see config.ts.
import { maskConfig, readConfig } from '@admin-center/platform/config';
import { createLogger } from '@admin-center/platform/log';
import { onShutdown } from '@admin-center/platform/shutdown';
import { type Config, configSchema } from './config.ts';
import { startExporter } from './service.ts';

function configuration(): Config {
  try {
    return readConfig(configSchema, process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

const config = configuration();
const log = createLogger('exporter', config.LOG_LEVEL);
try {
  const service = await startExporter(config, log);
  onShutdown(log, () => service.close());
  log.info({ config: maskConfig(configSchema, config), port: service.port }, 'the exporter is up');
} catch (err) {
  log.fatal({ err }, 'the exporter could not start');
  process.exit(1);
}
