// A whole API for a test file: a migrated database of its own, a token issuer, the application on a real port.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from '@admin-center/database/testing';
import { readConfig } from '@admin-center/platform/config';
import { createLogger } from '@admin-center/platform/log';
import { createPool } from '@admin-center/platform/pool';
import { type Meter, metrics } from '@opentelemetry/api';
import { createApp } from '../src/app.ts';
import { createEvaluationCounter } from '../src/capabilities/flags/ofrep/counter.ts';
import { createWitness, type Witness } from '../src/capabilities/audit/witness.ts';
import { type Config, configSchema } from '../src/config.ts';
import { createDatabase, type Database } from '../src/platform/database.ts';
import { createClientReader } from '../src/platform/events/client-context.ts';
import { type Policy, startPolicy } from '../src/platform/policy/policy.ts';
import { listen } from '../src/platform/http/server.ts';
import { type Client, createClient, TOKEN } from './client.ts';
import { type Issuer, type Person, startIssuer } from './issuer.ts';

export interface TestApi {
  readonly baseUrl: string;
  readonly config: Config;
  readonly issuer: Issuer;
  readonly db: TestDatabase;
  /** As the API's role. */
  readonly database: Database;
  readonly witness: Witness;
  readonly policy: Policy;
  as(person: Person | null): Client;
  close(): Promise<void>;
}

export interface TestApiOptions extends TestDatabaseOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly meter?: Meter;
  readonly now?: () => Date;
  /** Connects as the exporter's role instead of our own. */
  readonly role?: 'exporter';
}

export async function startTestApi({ env = {}, meter = metrics.getMeter('test'), now = () => new Date(), role, ...host }: TestApiOptions = {}): Promise<TestApi> {
  const [db, issuer, directory] = await Promise.all([createTestDatabase(host), startIssuer(), mkdtemp(path.join(tmpdir(), 'admin-center-api-'))]);
  const config = readConfig(configSchema, environmentOf(db, issuer, directory, { ...(role === undefined ? {} : { DATABASE_URL: db.exporterUrl }), ...env }));
  const pool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'test-api', max: 10, statementTimeoutMs: 8_000 });
  const database = createDatabase(pool);
  const witness = createWitness(config.AUDIT_WITNESS_FILE, now);
  const log = createLogger('test', process.env['TEST_LOG_LEVEL'] ?? 'silent');
  const policyPool = createPool({ connectionString: config.DATABASE_URL, applicationName: 'test-policy', max: 2, statementTimeoutMs: 8_000 });
  const policy = startPolicy(policyPool, log);
  await policy.tried;
  let draining = false;
  const evaluations = createEvaluationCounter(database, log);
  const readClient = await createClientReader(config, meter, log);
  const app = createApp({ config, pool, database, witness, policy, evaluations, readClient, clock: now, log, meter, draining: () => draining });
  const server = await listen(app, '127.0.0.1', 0);
  const baseUrl = `http://127.0.0.1:${server.port}`;
  return {
    baseUrl, config, issuer, db, database, witness, policy,
    as: (person) => createClient(baseUrl, issuer, person),
    async close() {
      draining = true;
      await policy.close();
      await server.close();
      await evaluations.close();
      await Promise.all([pool.end(), policyPool.end()]);
      await Promise.all([db.close(), issuer.close(), rm(directory, { recursive: true, force: true })]);
    },
  };
}

/** The environment an API process of its own would need on the same database. */
export function environmentOf(db: TestDatabase, issuer: Issuer, directory: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    DATABASE_URL: db.apiUrl,
    PORT: '0',
    TELEMETRY_PORT: '0',
    ACTIONS_API_TOKEN: TOKEN,
    GRAFANA_ROOT_URL: issuer.rootUrl,
    GRAFANA_JWKS_URL: issuer.keysUrl,
    AUDIT_WITNESS_FILE: path.join(directory, 'witness.jsonl'),
    IMPERSONATION_KEY_FILE: path.join(directory, 'impersonation-key.json'),
    RATE_LIMIT_WRITES_PER_MINUTE: '10000',
    RATE_LIMIT_READS_PER_MINUTE: '10000',
    ...env,
  };
}
