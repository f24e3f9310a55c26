// The standalone shell's configuration: parsed once from the environment, frozen.
import path from 'node:path';
import { z } from 'zod';
import { port, readConfig, secret } from '@admin-center/platform/config';

const workspace = path.resolve(import.meta.dirname, '..');

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: port(3000),
  PUBLIC_URL: url
    .refine((given) => new URL(given).pathname === '/', 'must not have a path: the shell lives at the root of its host')
    .optional()
    .describe('What people type into the browser; issuer of the ID token. Default http://127.0.0.1:<PORT>.'),
  STANDALONE_ALLOW_REMOTE: z
    .stringbool()
    .default(false)
    .describe('Sign-in has no password: HOST may leave loopback only when this is true.'),
  PROMETHEUS_URL: url.default('http://127.0.0.1:9090'),
  PROMETHEUS_SCRAPE_INTERVAL: z
    .string()
    .regex(/^\d+(ms|s|m|h)$/, 'must be a duration such as 15s')
    .default('15s')
    .describe('Smallest step of a query, as `timeInterval` of the data source.'),
  ACTIONS_API_URL: url.default('http://127.0.0.1:4000'),
  ACTIONS_API_TOKEN: secret(z.string().min(1)).describe('Shared secret the plugin route sends to the actions API.'),
  DATA_DIR: z.string().default(path.resolve(workspace, '../.data/standalone')).describe('Keeps the signing key.'),
  ADMINS_FILE: z
    .string()
    .default(path.resolve(workspace, '../.data/admins.json'))
    .describe('Who may sign in: a JSON list of {login, name, email, orgRole}.'),
  PLUGIN_DIST: z
    .string()
    .default(path.resolve(workspace, '../grafana-plugin/dist'))
    .describe('The built plugin, served as it is.'),
  HOST_DIST: z.string().default(path.resolve(workspace, 'dist')).describe('What `node standalone/build.ts` made.'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = Readonly<z.output<typeof configSchema>> & { readonly PUBLIC_URL: string };

const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the configuration and refuses to listen beyond loopback by accident.
 * @throws Error with readable lines; the caller prints it and exits with 2
 */
export function readStandaloneConfig(environment: NodeJS.ProcessEnv): Config {
  const config = readConfig(configSchema, environment);
  if (!LOOPBACK_ADDRESSES.includes(config.HOST) && !config.STANDALONE_ALLOW_REMOTE) {
    throw new Error(
      `HOST=${config.HOST} is not a loopback address. Signing in to the standalone shell needs no password, so everybody who reaches it could act as an admin.\n` +
        'Keep HOST=127.0.0.1 (and use an SSH tunnel), or put it behind something that authenticates and set STANDALONE_ALLOW_REMOTE=true.',
    );
  }
  return Object.freeze({
    ...config,
    PUBLIC_URL: (config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT}`).replace(/\/+$/, ''),
  });
}
