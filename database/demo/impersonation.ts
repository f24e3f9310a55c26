// Sessions in which Ada and Sam looked at the product as one of Acme's customers does, over the month before the demo.
import { sql } from 'kysely';
import { ADMIN_IDS, DEMO_ADMINS } from './admins.ts';
import { DAY, HOUR, iso } from './calendar.ts';
import type { Company } from './company.ts';
import { between, chance, chooser, integer, lognormal, pick } from './draws.ts';
import type { Past, Tx } from './past.ts';
import { derive, purpose, type Random, settled, stream, token, uuidOf } from './random.ts';

const SESSIONS = 24;
/** What customers ask for comes in bunches. */
const BUNCH = 3;
const DAYS = 30;
const MINUTE = 60_000;
const CODE_LIFE = 10 * MINUTE;
const WRITE_SHARE = 0.15;
const BLOCKED_SHARE = 0.012;

const REASONS = [
  ['support_request', 'Cannot see the tunnel that was made yesterday.'],
  ['support_request', 'Says that conversations are missing after the move to a new phone.'],
  ['bug_investigation', 'The list of tunnels stays empty for this account only.'],
  ['bug_investigation', 'Error 500 on the usage page, see the panel.'],
  ['billing_question', 'Asks why the invoice shows two seats.'],
  ['security_review', 'Sign-ins from two countries within an hour, looking at the sessions.'],
  ['other', 'Walk-through of the new overview before the call.'],
] as const;
const CAUSES = chooser<'ended_by_admin' | 'time_over' | 'ended_at_host' | 'user_signed_out' | 'code_unused'>([
  ['ended_by_admin', 52], ['ended_at_host', 18], ['time_over', 20], ['user_signed_out', 8], ['code_unused', 7],
]);
const OUTCOMES = { ended_by_admin: 'ended', ended_at_host: 'ended', time_over: 'expired', code_unused: 'expired', user_signed_out: 'revoked' } as const;
const ROUTES = ['/api/profile', '/api/tunnels', '/api/tunnels/:id', '/api/conversations', '/api/conversations/:id', '/api/preferences', '/api/usage'] as const;
const REFUSED = [
  ['POST', '/api/preferences', 'change'], ['POST', '/api/user/api-keys', 'api_keys'], ['GET', '/api/user/export', 'export'], ['POST', '/api/user/change-password', 'password'], ['PATCH', '/api/subscription', 'plan_change'],
] as const;

interface MadeRequest {
  readonly at: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly action_class: string | null;
  readonly blocked: boolean;
}

export const impersonation: Past = {
  name: 'impersonation',
  isThere: async (tx) => (await sql`SELECT FROM admin_center.impersonation_session LIMIT 1`.execute(tx)).rows.length > 0,
  async write(tx, company) {
    for (let index = 0; index < SESSIONS; index += 1) {
      await writeSession(tx, company, index);
    }
    // The counters are what has happened, this included.
    await sql`
      SELECT admin_center.tally_add('admincenter_impersonation_sessions_total', jsonb_build_object('reason_class', reason_class, 'outcome', state), count(*))
      FROM admin_center.impersonation_session GROUP BY reason_class, state
    `.execute(tx);
    await sql`
      SELECT admin_center.tally_add('admincenter_impersonation_blocked_actions_total', jsonb_build_object('action_class', action_class), count(*))
      FROM admin_center.impersonation_request WHERE blocked GROUP BY action_class
    `.execute(tx);
  },
};

async function writeSession(tx: Tx, company: Company, index: number): Promise<void> {
  const key = settled(derive(company.key, purpose('impersonation'), index));
  const random = stream(key);
  const day = Math.floor(company.loadedAt / DAY) - 1 - Math.floor((Math.floor(index / BUNCH) * DAYS * BUNCH) / SESSIONS);
  const requestedAt = day * DAY + Math.floor(between(random, 7.5, 17) * HOUR);
  const asker = chance(random, 0.8) ? 'sam' : 'ada';
  const admin = DEMO_ADMINS.find(({ login }) => login === asker) as (typeof DEMO_ADMINS)[number];
  const [reasonClass, reason] = pick(random, REASONS);
  const scope = chance(random, WRITE_SHARE) ? 'write' : 'read';
  const cause = CAUSES(random);
  const startedAt = cause === 'code_unused' ? null : requestedAt + integer(random, 5_000, 90_000);
  const lasted = cause === 'time_over' ? 30 * MINUTE : Math.floor(Math.min(29 * MINUTE, lognormal(random, 7 * MINUTE, 0.6)));
  const endedAt = startedAt === null ? requestedAt + CODE_LIFE : startedAt + lasted;
  const userId = await customerFrom(tx, uuidOf(derive(key, purpose('customer'))), requestedAt);
  if (userId === null) {
    return;
  }
  const id = uuidOf(key);
  await sql`
    INSERT INTO admin_center.impersonation_session
      (id, state, admin_id, admin_subject, admin_email, admin_role, user_id, scope, minutes, reason, reason_class, ticket, requested_at,
       code_hash, code_expires_at, started_at, ends_at, hard_ends_at, ended_at, end_cause)
    VALUES (
      ${id}, ${OUTCOMES[cause]}, ${ADMIN_IDS[admin.login]}, ${`user:demo-${admin.login}`}, ${admin.email}, ${admin.role}, ${userId}, ${scope}, 30, ${reason}, ${reasonClass},
      ${chance(random, 0.7) ? `HELP-${integer(random, 1_000, 9_999)}` : null}, ${iso(requestedAt)},
      sha256(${token(key)}::bytea), ${iso(requestedAt + CODE_LIFE)}, ${at(startedAt)}, ${at(startedAt, 30 * MINUTE)}, ${at(startedAt, 60 * MINUTE)}, ${iso(endedAt)}, ${cause}
    )
  `.execute(tx);
  if (startedAt !== null) {
    await writeRequests(tx, { id, adminId: ADMIN_IDS[admin.login], userId }, requestsOf(random, startedAt, endedAt));
  }
}

const at = (start: number | null, later = 0): string | null => (start === null ? null : iso(start + later));

/** The first customer from an id on, so that a drawn id finds one without reading them all; no admin, and there by then. */
async function customerFrom(tx: Tx, id: string, by: number): Promise<string | null> {
  const { rows } = await sql<{ user_id: string }>`
    SELECT a.user_id FROM admin_center.account a
    WHERE a.user_id >= ${id} AND a.state = 'active' AND a.created_at < ${iso(by)} AND NOT EXISTS (SELECT FROM admin_center.admin_grant g WHERE g.user_id = a.user_id)
    ORDER BY a.user_id LIMIT 1
  `.execute(tx);
  return rows[0]?.user_id ?? null;
}

/** A page every quarter of a minute or so, each of which asks for a few things. */
function requestsOf(random: Random, from: number, to: number): MadeRequest[] {
  const requests: MadeRequest[] = [];
  for (let time = from + 1_000; time < to; time += integer(random, 4_000, 28_000)) {
    if (chance(random, BLOCKED_SHARE)) {
      const [method, route, actionClass] = pick(random, REFUSED);
      requests.push({ at: iso(time), method, route, status: 403, action_class: actionClass, blocked: true });
    } else {
      requests.push({ at: iso(time), method: 'GET', route: pick(random, ROUTES), status: 200, action_class: null, blocked: false });
    }
  }
  return requests;
}

const writeRequests = (tx: Tx, { id, adminId, userId }: { id: string; adminId: string; userId: string }, requests: readonly MadeRequest[]): Promise<unknown> => sql`
  INSERT INTO admin_center.impersonation_request (session_id, admin_id, user_id, key_id, at, method, route, status, action_class, blocked, received_at)
  SELECT ${id}, ${adminId}, ${userId}, 'demo', r.at, r.method, r.route, r.status, r.action_class, r.blocked, r.at + interval '5 seconds'
  FROM json_to_recordset(${JSON.stringify(requests)}::json) AS r (at timestamptz, method text, route text, status integer, action_class text, blocked boolean)
  ORDER BY r.at
`.execute(tx);
