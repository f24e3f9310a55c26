// The two login roles of the services, least-privileged: one that only reads views, one that acts through functions.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export type ServiceRole = 'exporter' | 'api';
export type RolePasswords = Readonly<Record<ServiceRole, string>>;

export const ROLE_NAMES = { exporter: 'admin_center_exporter', api: 'admin_center_api' } as const satisfies Record<ServiceRole, string>;

/**
 * Session defaults of each role; the services may narrow them further. Timeouts in milliseconds. Collectors join a
 * million users with their subscriptions, on few connections: those sorts and hashes fit 64 MB.
 */
const SETTINGS: Record<ServiceRole, Readonly<Record<string, string>>> = {
  exporter: { default_transaction_read_only: 'on', statement_timeout: '30000', idle_in_transaction_session_timeout: '30000', search_path: 'admin_center, pg_catalog', timezone: 'UTC', work_mem: '64MB' },
  api: { statement_timeout: '30000', idle_in_transaction_session_timeout: '30000', search_path: 'admin_center, pg_catalog', timezone: 'UTC' },
};

/** The same database as another role. */
export function roleUrl(databaseUrl: string, role: ServiceRole, password: string): string {
  const url = new URL(databaseUrl);
  url.username = ROLE_NAMES[role];
  url.password = encodeURIComponent(password);
  return url.href;
}

/**
 * Makes the roles where they are not there and sets their passwords and settings. Where the owner may not, roles that a
 * DBA made are taken as they are, if the passwords fit.
 * @throws Error with the SQL for a DBA
 */
export async function ensureRoles(client: pg.ClientBase, databaseUrl: string, passwords: RolePasswords): Promise<void> {
  for (const role of ['exporter', 'api'] as const) {
    if (passwords[role].length < 12) {
      throw new Error(`The password for ${ROLE_NAMES[role]} has fewer than 12 characters. Choose a longer one.`);
    }
    try {
      await repeatWhenConcurrent(() => setUp(client, role, passwords[role]));
    } catch (error) {
      if ((error as { code?: string }).code !== '42501') {
        throw error;
      }
      await acceptAsMade(databaseUrl, role, passwords[role]);
    }
    await refusePowers(client, role);
  }
}

async function setUp(client: pg.ClientBase, role: ServiceRole, password: string): Promise<void> {
  const name = ROLE_NAMES[role];
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) {
    await client.query(`CREATE ROLE ${name} LOGIN`);
  }
  await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`);
  for (const [setting, value] of Object.entries(SETTINGS[role])) {
    await client.query(`ALTER ROLE ${name} SET ${setting} = ${setting === 'search_path' ? value : pg.escapeLiteral(value)}`);
  }
}

/** Roles belong to the whole server: two databases that migrate at once may both touch them. */
async function repeatWhenConcurrent(step: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const concurrent = code === '42710' || code === '23505' || (code === 'XX000' && message.includes('concurrently'));
      if (!concurrent || attempt === 20) {
        throw error;
      }
      await delay(25 * attempt);
    }
  }
}

async function acceptAsMade(databaseUrl: string, role: ServiceRole, password: string): Promise<void> {
  const login = new pg.Client({ connectionString: roleUrl(databaseUrl, role, password), connectionTimeoutMillis: 5_000 });
  try {
    await login.connect();
  } catch (error) {
    throw new Error(
      `The user of DATABASE_URL may not set up the role ${ROLE_NAMES[role]}, and logging in with its configured password fails ` +
        `(${(error as Error).message}). Let a DBA run this, with that password:\n${sqlForDba(role)}`,
      { cause: error },
    );
  } finally {
    await login.end().catch(() => undefined);
  }
}

function sqlForDba(role: ServiceRole): string {
  const name = ROLE_NAMES[role];
  const settings = Object.entries(SETTINGS[role]).map(([setting, value]) => `ALTER ROLE ${name} SET ${setting} = ${setting === 'search_path' ? value : `'${value}'`};`);
  return [`CREATE ROLE ${name} LOGIN PASSWORD '<the password>';`, ...settings].join('\n');
}

async function refusePowers(client: pg.ClientBase, role: ServiceRole): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_roles WHERE rolname = $1 AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)',
    [ROLE_NAMES[role]],
  );
  if (rowCount !== 0) {
    throw new Error(`The role ${ROLE_NAMES[role]} has more power than a service may have. Let a DBA run: ALTER ROLE ${ROLE_NAMES[role]} NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;`);
  }
}

/** What PostgreSQL stores for SCRAM-SHA-256 (RFC 5803): with it the password itself never reaches the server or its log. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const iterations = 4096;
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
