// Sign-ins, use and sign-outs as they happen, and the conversations held meanwhile.
import { sql, type Transaction } from 'kysely';
import { iso } from '../calendar.ts';
import { conversationOf, conversationRow, hasConversation, messageRows } from '../conversations.ts';
import { uuidOf } from '../random.ts';
import { lastBeat, sessionRow, type Session } from '../sessions.ts';
import { signInRow } from '../sign-ins.ts';
import type { HostTables } from '../tables.ts';
import { lockUsable } from './accounts.ts';
import { sessionsBetween, type World } from './world.ts';

/** Below PostgreSQL's limit of 65,535 parameters in a statement. */
const ROWS_AT_ONCE = 2_000;

async function inBatches<T>(rows: readonly T[], write: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    await write(rows.slice(start, start + ROWS_AT_ONCE));
  }
}

/** @returns ids of the sessions that exist now; suspended and deleted users get none */
async function signIn(tx: Transaction<HostTables>, starting: readonly Session[], to: number): Promise<ReadonlySet<string>> {
  const usable = await lockUsable(tx, [...new Set(starting.map(({ person }) => person.id))]);
  const entering = starting.filter(({ person }) => usable.has(person.id));
  const rows = entering.map((session) => sessionRow(session, to, null));
  const log = rows.map((row, index) => signInRow(entering[index]!.key, row));
  await inBatches(rows, (batch) => tx.insertInto('user_sessions').values(batch).onConflict((conflict) => conflict.doNothing()).execute());
  await inBatches(log, (batch) => tx.insertInto('audit_logs').values(batch).onConflict((conflict) => conflict.doNothing()).execute());
  return new Set(rows.map(({ id }) => id));
}

/** Of these sessions, those nobody has ended. */
async function openOf(tx: Transaction<HostTables>, sessions: readonly Session[]): Promise<ReadonlySet<string>> {
  if (sessions.length === 0) {
    return new Set();
  }
  const { rows } = await sql<{ id: string }>`SELECT id FROM public.user_sessions WHERE id = ANY (${sessions.map(({ key }) => uuidOf(key))}::uuid[]) AND is_active`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

async function converse(tx: Transaction<HostTables>, world: World, sessions: readonly Session[], entered: ReadonlySet<string>, from: number, to: number): Promise<number> {
  const talking = sessions.filter(hasConversation);
  const open = await openOf(tx, talking);
  const conversations = talking
    .filter(({ key }) => entered.has(uuidOf(key)) || open.has(uuidOf(key)))
    .map((session) => conversationOf(session, world.byId.get(session.person.id)?.subject ?? null));
  const begun = conversations.filter(({ createdAt }) => createdAt > from && createdAt <= to);
  await inBatches(begun, (batch) => tx.insertInto('conversations').values(batch.map((one) => conversationRow(one, to))).onConflict((conflict) => conflict.doNothing()).execute());
  const spoken = conversations.map((conversation) => ({ conversation, rows: messageRows(conversation, from, to) })).filter(({ rows }) => rows.length > 0);
  if (spoken.length === 0) {
    return 0;
  }
  // The host's trigger sets the time of the update; a conversation that was never stored takes no message.
  const stored = await tx.updateTable('conversations').set({ updated_at: iso(to) }).where('id', 'in', spoken.map(({ conversation }) => conversation.id)).returning('id').execute();
  const known = new Set(stored.map(({ id }) => id));
  const messages = spoken.flatMap(({ conversation, rows }) => (known.has(conversation.id) ? rows : []));
  await inBatches(messages, (batch) => tx.insertInto('messages').values(batch).onConflict((conflict) => conflict.doNothing()).execute());
  return messages.length;
}

/** Moves `last_activity` on and signs out; a session that was revoked or has expired stays as it is. */
async function use(tx: Transaction<HostTables>, ongoing: readonly Session[], from: number, to: number): Promise<void> {
  const touched = ongoing
    .map((session) => ({ id: uuidOf(session.key), before: lastBeat(session, from), at: lastBeat(session, to), leaves: session.signsOut && session.endsAt <= to }))
    .filter(({ before, at, leaves }) => at > before || leaves)
    .map(({ id, at, leaves }) => ({ id, at: iso(at), is_active: !leaves }));
  if (touched.length > 0) {
    await sql`
      UPDATE public.user_sessions AS session
      SET last_activity = touched.at, is_active = touched.is_active
      FROM jsonb_to_recordset(${JSON.stringify(touched)}::jsonb) AS touched (id uuid, at timestamptz, is_active boolean)
      WHERE session.id = touched.id AND session.is_active AND session.expires_at > touched.at AND session.last_activity <= touched.at`.execute(tx);
  }
}

export interface Used {
  readonly signIns: number;
  readonly messages: number;
  /** Ids of the sessions that are in use. */
  readonly there: ReadonlySet<string>;
}

/** Lets everybody's sessions go on from `from` to `to`. */
export async function useProduct(tx: Transaction<HostTables>, world: World, from: number, to: number): Promise<Used> {
  const sessions = sessionsBetween(world, from, to);
  const entered = await signIn(tx, sessions.filter(({ startsAt }) => startsAt > from), to);
  const open = await openOf(tx, sessions.filter(({ startsAt }) => startsAt <= from));
  const messages = await converse(tx, world, sessions, entered, from, to);
  await use(tx, sessions.filter(({ startsAt }) => startsAt <= from), from, to);
  return { signIns: entered.size, messages, there: new Set([...entered, ...open]) };
}
