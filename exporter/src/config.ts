// The exporter's configuration, from the environment.
import { logLevel, port } from '@admin-center/platform/config';
import { z } from 'zod';

export const configSchema = z.object({
  DATABASE_URL: z.string({ error: 'the URL of the database, as the role admin_center_exporter' }),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(9464),
  TELEMETRY_PORT: port(9466),
  LOG_LEVEL: logLevel,
});

export type Config = Readonly<z.output<typeof configSchema>>;
