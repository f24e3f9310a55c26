// Loads the demo company Acme into the host's tables: everything up to `now`, in one transaction, by COPY.
import pg from 'pg';
import { sessionsOfDay, type Citizen } from './citizens.ts';
import { createCompany, type Company } from './company.ts';
import { conversationOf, conversationRow, hasConversation, messageRows, type Conversation } from './conversations.ts';
import { DAY, dayOf } from './calendar.ts';
import { copyRows } from './copy.ts';
import { LOAD_LOCK, refuseForeignRows } from './guard.ts';
import { populate } from './population.ts';
import { sessionRow, type Session } from './sessions.ts';
import { SIGN_INS_KEPT_DAYS, signInRow } from './sign-ins.ts';
import { TABLES, type InsertOf, type TableName } from './tables.ts';

export interface LoadDemoOptions {
  /** The owner of a database that has the host's tables, empty or with an earlier demo, which is replaced. */
  readonly databaseUrl: string;
  /** The same seed and `now` give the same rows, byte for byte. */
  readonly seed: number;
  /** Users the company has by `now`, within a few per cent. */
  readonly users?: number;
  /** Complete days of history; sessions are kept for 31 days more, so that windows of 30 days are full from the first. */
  readonly days?: number;
  readonly now: Date;
  /** Called with a few words, such as `user_sessions 46%`: after each table and several times within the longest. */
  readonly onProgress?: (text: string) => void;
}

/** Rows written per table. */
export type LoadedRows = Readonly<Record<TableName, number>>;

/** About the share of the time in which each table is written. */
const SHARES: Readonly<Record<TableName, number>> = { users: 0.06, admin_roles: 0, admin_audit_logs: 0.01, subscriptions: 0.02, payment_methods: 0.01, payment_transactions: 0.06, refunds: 0.01, user_sessions: 0.68, audit_logs: 0.08, conversations: 0.02, messages: 0.04, tunnels: 0.01 };

interface Kept {
  readonly conversations: Session[];
  readonly signIns: Session[];
}

function* sessionRows(company: Company, citizens: readonly Citizen[], kept: Kept, onDay: (share: number) => void): Generator<InsertOf<'user_sessions'>> {
  const ended = new Map(citizens.flatMap(({ person, endedAt }) => (endedAt === null ? [] : [[person.id, endedAt]])));
  const today = dayOf(company.loadedAt);
  for (let day = company.sessionsSince; day <= today; day += 1) {
    for (const session of sessionsOfDay(company, citizens, day)) {
      if (session.startsAt > company.loadedAt) {
        break;
      }
      if (hasConversation(session)) {
        kept.conversations.push(session);
      }
      if (session.startsAt > company.loadedAt - SIGN_INS_KEPT_DAYS * DAY) {
        kept.signIns.push(session);
      }
      yield sessionRow(session, company.loadedAt, ended.get(session.person.id) ?? null);
    }
    onDay((day - company.sessionsSince + 1) / (today - company.sessionsSince + 1));
  }
}

function* signInRows(company: Company, sessions: readonly Session[]): Generator<InsertOf<'audit_logs'>> {
  for (const session of sessions) {
    yield signInRow(session.key, sessionRow(session, company.loadedAt, null));
  }
}

/** Made twice, for their rows and for their messages', rather than kept: in a large company they are many. */
function* rowsOfConversations<Row>(company: Company, sessions: readonly Session[], citizens: readonly Citizen[], rowsOf: (conversation: Conversation) => Row[]): Generator<Row> {
  const subjects = new Map(citizens.map(({ person, subject }) => [person.id, subject]));
  for (const session of sessions) {
    const conversation = conversationOf(session, subjects.get(session.person.id) ?? null);
    if (conversation.createdAt <= company.loadedAt) {
      yield* rowsOf(conversation);
    }
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
  if (await refuseForeignRows(client)) {
    await client.query('TRUNCATE public.users, public.conversations, public.audit_logs CASCADE');
  }
  // Foreign keys hold by construction (a test checks them); checking each row again would take half of the time.
  const { rows } = await client.query<{ may: boolean }>(`SELECT has_parameter_privilege('session_replication_role', 'SET') AS may`);
  if (rows[0]?.may === true) {
    await client.query('SET LOCAL session_replication_role = replica');
  }
}

async function write(client: pg.Client, company: Company, onProgress: (text: string) => void): Promise<LoadedRows> {
  const loaded: Partial<Record<TableName, number>> = {};
  let done = 0;
  const report = (table: TableName, share: number): void => onProgress(`${table} ${Math.min(100, Math.round(share * 100))}%`);
  const put = async <Name extends TableName>(table: Name, rows: Iterable<InsertOf<Name>>): Promise<void> => {
    loaded[table] = await copyRows(client, table, rows);
    done += SHARES[table];
    report(table, done);
  };
  const { citizens, ...population } = populate(company);
  await put('users', population.users);
  await put('admin_roles', population.admin_roles);
  await put('admin_audit_logs', population.admin_audit_logs);
  await put('subscriptions', population.subscriptions);
  await put('payment_methods', population.payment_methods);
  await put('payment_transactions', population.payment_transactions);
  await put('refunds', population.refunds);
  await put('tunnels', population.tunnels);
  const kept: Kept = { conversations: [], signIns: [] };
  const before = done;
  await put('user_sessions', sessionRows(company, citizens, kept, (share) => report('user_sessions', before + share * SHARES.user_sessions)));
  await put('audit_logs', signInRows(company, kept.signIns));
  const talk = <Row>(rowsOf: (conversation: Conversation) => Row[]): Generator<Row> => rowsOfConversations(company, kept.conversations, citizens, rowsOf);
  await put('conversations', talk((conversation) => [conversationRow(conversation, company.loadedAt)]));
  await put('messages', talk((conversation) => messageRows(conversation, 0, company.loadedAt)));
  return loaded as LoadedRows;
}

/**
 * Fills the host's tables with the demo company. All or nothing: a load that is broken off leaves the database as it was.
 * @throws Error when a host table holds rows that are not the demo's
 */
export async function loadDemo(options: LoadDemoOptions): Promise<LoadedRows> {
  const company = createCompany({ seed: options.seed, users: options.users ?? 20_000, days: options.days ?? 200, now: options.now.getTime() });
  const client = new pg.Client({ connectionString: options.databaseUrl, application_name: 'admin-center demo', options: '-c timezone=UTC' });
  // A lost connection also fails the statement that runs, and that is where it is reported.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    await prepare(client);
    const rows = await write(client, company, options.onProgress ?? (() => undefined));
    await client.query('COMMIT');
    for (const table of TABLES) {
      await client.query(`ANALYZE public.${client.escapeIdentifier(table)}`);
    }
    return rows;
  } finally {
    await client.end();
  }
}
