// What speaks for a self-referral. A strong sign rejects alone; weak ones, which housemates and colleagues share, only
// together.
import type { Referral } from '@admin-center/contracts/promotions';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';
import { networkOf, normalMailbox } from './identities.ts';

export type Signal = Referral['signals'][number];

const STRONG: readonly Signal[] = ['same_user', 'same_mailbox', 'same_device', 'referral_loop', 'existing_user'];
/** Sessions of the referrer that are looked at. */
const RECENT = 200;

export const isSelfReferral = (signals: readonly Signal[]): boolean => signals.some((signal) => STRONG.includes(signal)) || signals.length > 1;

export interface Candidate {
  readonly userId: string;
  readonly ip: string | null;
  readonly device: Buffer | null;
}

/** At the sign-up; the card is only known at the first payment. */
export async function readSignals(database: Queryable, referrerId: string, clickedAt: Date, { userId, ip, device }: Candidate): Promise<Signal[]> {
  const accounts = await sql<{ user_id: string; email: string; created_at: Date }>`
    SELECT user_id, email, created_at FROM admin_center.account WHERE user_id IN (${referrerId}, ${userId})
  `.execute(database);
  const mailboxes = new Set(accounts.rows.map(({ email }) => normalMailbox(email)));
  const referee = accounts.rows.find(({ user_id }) => user_id === userId.toLowerCase());
  const sameUser = referrerId === userId.toLowerCase();
  return [
    ...(sameUser ? (['same_user'] as const) : []),
    ...(!sameUser && accounts.rows.length === 2 && mailboxes.size === 1 ? (['same_mailbox'] as const) : []),
    ...(referee !== undefined && referee.created_at < clickedAt ? (['existing_user'] as const) : []),
    ...(device !== null && (await usedDevice(database, referrerId, device)) ? (['same_device'] as const) : []),
    ...(ip !== null && (await usedNetwork(database, referrerId, ip)) ? (['same_network'] as const) : []),
    ...((await wasReferredBy(database, referrerId, userId)) ? (['referral_loop'] as const) : []),
  ];
}

async function usedDevice(database: Queryable, userId: string, device: Buffer): Promise<boolean> {
  const { rows } = await sql`SELECT FROM admin_center.referral_code WHERE user_id = ${userId} AND device = ${device}`.execute(database);
  return rows.length > 0;
}

async function usedNetwork(database: Queryable, userId: string, ip: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM (
      SELECT ip FROM admin_center.session WHERE user_id = ${userId} AND ip IS NOT NULL ORDER BY created_at DESC LIMIT ${RECENT}
    ) recent WHERE ip <<= ${networkOf(ip)}::inet LIMIT 1
  `.execute(database);
  return rows.length > 0;
}

/** One level only: who was brought by somebody does not bring them. */
async function wasReferredBy(database: Queryable, userId: string, referrerId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM admin_center.referral WHERE referee_id = ${userId} AND referrer_id = ${referrerId} AND stage <> 'rejected'
  `.execute(database);
  return rows.length > 0;
}
