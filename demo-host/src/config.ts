// The configuration of the demo host, from the environment.
import { logLevel, port, secret } from '@admin-center/platform/config';
import { z } from 'zod';

const onUnless = z.stringbool().default(true);

export const configSchema = z.object({
  DATABASE_URL: z.string().min(1).describe('Owner of the database with the demo company.'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port(4100),
  LOG_LEVEL: logLevel,
  ADMIN_CENTER_URL: z.url({ protocol: /^https?$/ }).describe('The actions API.'),
  ADMIN_CENTER_KEY: secret(z.string().min(1)).describe('A server key.'),
  ADMIN_CENTER_CLIENT_KEY: secret(z.string().min(1)).optional().describe('A client key, handed to the browser.'),
  /** Where the last good policy is kept. */
  POLICY_FILE: z.string().optional(),
  /** The variant `on` of the flag new-tunnel-engine has a bug: it is slow and fails now and then. */
  DEMO_HOST_BREAK: onUnless,
  /** People who use it all the time. */
  DEMO_HOST_LOAD: onUnless,
  DEMO_HOST_REQUESTS_PER_SECOND: z.coerce.number().min(0.1).max(500).default(8),
});

export type Config = Readonly<z.output<typeof configSchema>>;
