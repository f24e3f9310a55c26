// From a process to a service: configuration out of the environment, the log, the start, and the end in order.
import type { z } from 'zod';
import { maskConfig, readConfig } from './config.ts';
import { createLogger, type Logger } from './log.ts';
import { onShutdown } from './shutdown.ts';

export interface Service {
  readonly port: number;
  /** Finishes what runs, then releases everything. */
  close(): Promise<void>;
}

/** Leaves with 2 when the configuration is not valid, with 1 when the service cannot start. */
export async function run<S extends z.ZodObject>(name: string, schema: S & z.ZodType<{ LOG_LEVEL: string }>, start: (config: Readonly<z.output<S>>, log: Logger) => Promise<Service>): Promise<void> {
  const config = configuration(schema);
  const log = createLogger(name, config.LOG_LEVEL);
  try {
    const service = await start(config, log);
    onShutdown(log, () => service.close());
    log.info({ config: maskConfig(schema, config), port: service.port }, `${name} is up`);
  } catch (err) {
    log.fatal({ err }, `${name} could not start`);
    process.exit(1);
  }
}

function configuration<S extends z.ZodObject>(schema: S): Readonly<z.output<S>> {
  try {
    return readConfig(schema, process.env);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}
