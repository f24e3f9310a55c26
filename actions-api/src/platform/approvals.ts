// The two-person rule (S16): a write that needs it passes once per approval that another admin gave to whoever executes
// it. What the approver reads was computed here, by the refused execution, and travels to the request as a signed ticket.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { BlastRadius } from '@admin-center/contracts/fields';
import { sql } from 'kysely';
import type { Target } from './audit-entry.ts';
import type { RequestContext } from './context.ts';
import type { Queryable, Tx } from './database.ts';
import { conflict } from './errors.ts';

/** One write as an approver judges it. */
export interface Approvable {
  /** The audit action. */
  readonly action: string;
  readonly target: Target;
  /** The token of the preview: an approval of one change is none of another. */
  readonly fingerprint: string;
  /** What will happen, in a sentence an approver understands, such as `Turn checkout-v2 off for everyone.` */
  readonly summary: string;
  readonly radius: BlastRadius;
}

/** What a ticket carries: the write, who was refused, and until when it may be turned into a request. */
interface Ticket extends Approvable {
  readonly subject: string;
  readonly until: number;
}

const TICKET_MS = 15 * 60_000;

/**
 * Call it in `audited`'s run, after every other reason to refuse: the approval counts as used from the commit on.
 * @throws AppError 409 `approval_needed` with the ticket for asking; nothing has happened then
 */
export async function requireApproval(tx: Tx, { actor }: Pick<RequestContext, 'actor'>, write: Approvable): Promise<void> {
  const { rows } = await sql`
    UPDATE admin_center.approval SET used_at = clock_timestamp()
    WHERE id = (
      SELECT id FROM admin_center.approval
      WHERE action = ${write.action} AND target_type = ${write.target.type} AND target_id = ${write.target.id} AND fingerprint = ${write.fingerprint}
        AND requester_subject = ${actor.subject} AND decision = 'approved' AND used_at IS NULL AND expires_at > clock_timestamp()
      ORDER BY requested_at LIMIT 1
      FOR UPDATE SKIP LOCKED
    )
    RETURNING id
  `.execute(tx);
  if (rows.length === 0) {
    const ticket = await issueTicket(tx, write, actor.subject);
    throw conflict('approval_needed', 'This takes the approval of another admin. Ask for it, and do it once it is approved.', { ticket });
  }
}

async function issueTicket(database: Queryable, write: Approvable, subject: string): Promise<string> {
  const { secret, now } = await readSecret(database);
  const ticket: Ticket = { ...write, subject, until: now.getTime() + TICKET_MS };
  const payload = Buffer.from(JSON.stringify(ticket)).toString('base64url');
  return `${payload}.${signatureOf(payload, secret).toString('base64url')}`;
}

/** @throws AppError 409 for a ticket that is not ours, somebody else's, or older than a quarter of an hour */
export async function openTicket(database: Queryable, text: string, subject: string): Promise<Approvable> {
  const [payload = '', signature = ''] = text.split('.');
  const { secret, now } = await readSecret(database);
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(payload, secret);
  if (given.length === expected.length && timingSafeEqual(given, expected)) {
    const ticket = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Ticket;
    if (ticket.subject === subject && ticket.until > now.getTime()) {
      return ticket;
    }
  }
  throw conflict('ticket_invalid', 'This is no ticket of yours, or it is older than 15 minutes. Start the action again and ask anew.');
}

const signatureOf = (payload: string, secret: Buffer): Buffer => createHmac('sha256', secret).update(payload).digest();

/** With the database's clock, which all processes share. */
async function readSecret(database: Queryable): Promise<{ secret: Buffer; now: Date }> {
  const { rows } = await sql<{ secret: Buffer; now: Date }>`SELECT secret, clock_timestamp() AS now FROM admin_center.approval_secret`.execute(database);
  return rows[0] as { secret: Buffer; now: Date };
}
