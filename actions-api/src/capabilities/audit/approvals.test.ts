// The two-person rule end to end: a write that demands an approval, over HTTP, with the requests and decisions around it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Approval } from '@admin-center/contracts/audit-approvals';
import type { EndpointContract } from '@admin-center/contracts/capability';
import { metrics } from '@opentelemetry/api';
import { createPool } from '@admin-center/platform/pool';
import express from 'express';
import { sql } from 'kysely';
import pino from 'pino';
import { z } from 'zod';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import { type Answer, type Client, createClient } from '../../../test/client.ts';
import { guardedWrite, SUMMARY } from '../../../test/tickets.ts';
import { createPipeline } from '../../app.ts';
import { requireApproval } from '../../platform/approvals.ts';
import { createDatabase } from '../../platform/database.ts';
import { answerErrors } from '../../platform/http/answer-errors.ts';
import { requestLog } from '../../platform/http/request-log.ts';
import { listen } from '../../platform/http/server.ts';
import { serve } from '../../platform/pipeline.ts';
import { route } from '../../platform/route.ts';

const reason = 'The checkout loses orders since ten.';
const APPROVALS = '/api/v1/audit/approvals';
const guarded = {
  method: 'POST', path: '/api/v1/test/guarded', permission: 'users:write', audit: 'users.suspend', summary: 'Needs an approval.',
  body: z.object({ fingerprint: z.string(), breaks: z.boolean().optional() }), response: z.object({ done: z.boolean() }),
} as const satisfies EndpointContract;

let api: TestApi;
let closeGuarded: () => Promise<void>;
let guardedUrl: string;
let ada: Client;
let eve: Client;
let sam: Client;

beforeAll(async () => {
  api = await startTestApi();
  for (const [name, role] of [['ada', 'super_admin'], ['eve', 'super_admin'], ['sam', 'support_admin']] as const) {
    await api.db.make.admin({ email: `${name}@acme.example`, role });
  }
  [ada, eve, sam] = ['ada', 'eve', 'sam'].map((name) => api.as({ email: `${name}@acme.example` })) as [Client, Client, Client];

  const pool = createPool({ connectionString: api.config.DATABASE_URL, applicationName: 'test-guarded', max: 10, statementTimeoutMs: 8_000 });
  const log = pino({ level: 'silent' });
  const pipeline = createPipeline({ config: api.config, database: createDatabase(pool), pool, clock: () => new Date(), log, meter: metrics.getMeter('test') });
  const app = express().use(requestLog(log));
  const write = route(guarded, ({ body }, context) =>
    pipeline.recorder.audited(context, 'users.suspend', { type: 'flag', id: 'checkout-v2' }, {
      read: () => Promise.resolve(null),
      async run(tx) {
        await requireApproval(tx, context, guardedWrite(body.fingerprint));
        await sql`SELECT admin_center.tally_add(${`guarded ${body.fingerprint}`}, '{}')`.execute(tx);
        if (body.breaks === true) {
          throw new Error('After the approval was taken.');
        }
      },
      keep: () => ({ before: null, after: null }),
      respond: () => ({ done: true }),
    }),
  );
  app.post(guarded.path, serve(pipeline, write)).use(answerErrors(log));
  const server = await listen(app, '127.0.0.1', 0);
  guardedUrl = `http://127.0.0.1:${server.port}`;
  closeGuarded = async () => {
    await server.close();
    await pool.end();
  };
});
afterAll(async () => {
  await closeGuarded();
  await api.close();
});

const attempt = (email: string, fingerprint: string, more: object = {}): Promise<Answer> => createClient(guardedUrl, api.issuer, { email }).post(guarded.path, { fingerprint, ...more });
const ticketOf = (answer: Answer): string => (answer.body as { ticket: string }).ticket;
const approvalOf = ({ body }: Answer): Approval => (body as { approval: Approval }).approval;
const timesDone = async (fingerprint: string): Promise<number> => Number((await api.db.pool.query('SELECT value FROM admin_center.tally WHERE metric = $1', [`guarded ${fingerprint}`])).rows[0]?.value ?? 0);

async function ask(email: string, fingerprint: string): Promise<Approval> {
  const ticket = ticketOf(await attempt(email, fingerprint));
  return approvalOf(await api.as({ email }).post(APPROVALS, { ticket, reason }));
}
const approve = (client: Client, { id }: Approval): Promise<Answer> => client.post(`${APPROVALS}/${id}/approve`, { reason });
const needed = { status: 409, body: { code: 'approval_needed' } };

describe('a write that demands an approval', () => {
  test('is refused with a ticket, asked for, approved by another admin, and then done once', async () => {
    const fingerprint = randomUUID();
    const refused = await attempt('sam@acme.example', fingerprint);
    expect(refused).toMatchObject(needed);
    const asked = await sam.post(APPROVALS, { ticket: ticketOf(refused), reason });
    expect(asked).toMatchObject({
      status: 200,
      body: { approval: { state: 'waiting', action: 'users.suspend', target: { type: 'flag', id: 'checkout-v2' }, summary: SUMMARY, reason, requester: 'sam@acme.example', mine: true, mayDecide: false, radius: { users: 5_000, experiments: ['checkout'], slo: { state: 'unknown' } } } },
    });
    const approval = approvalOf(asked);
    expect(Date.parse(approval.expiresAt) - Date.parse(approval.requestedAt)).toBeGreaterThan(23.99 * 3_600_000);
    expect(await attempt('sam@acme.example', fingerprint)).toMatchObject(needed);

    expect(await approve(ada, approval)).toMatchObject({ status: 200, body: { approval: { state: 'approved', decider: 'ada@acme.example', decisionReason: reason, mine: false } } });
    expect(await attempt('sam@acme.example', fingerprint)).toMatchObject({ status: 200, body: { done: true } });
    expect(await attempt('sam@acme.example', fingerprint)).toMatchObject(needed);
    expect(await timesDone(fingerprint)).toBe(1);
    expect((await sam.get(APPROVALS, { fingerprint })).body).toMatchObject({ items: [{ id: approval.id, state: 'used', usedAt: expect.any(String) }] });
    const { rows } = await api.db.pool.query("SELECT l.action, d.reason FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE target_type = 'approval' AND target_id = $1 ORDER BY sequence", [approval.id]);
    expect(rows).toEqual([{ action: 'audit.ask', reason }, { action: 'audit.approve', reason }]);
  });

  test('is open to nobody but whoever asked, for nothing but what was asked', async () => {
    const fingerprint = randomUUID();
    await approve(eve, await ask('ada@acme.example', fingerprint));
    expect(await attempt('eve@acme.example', fingerprint)).toMatchObject(needed);
    expect(await attempt('ada@acme.example', `${fingerprint} changed since`)).toMatchObject(needed);
    expect(await attempt('ada@acme.example', fingerprint)).toMatchObject({ status: 200 });
  });

  test('keeps its approval when it fails afterwards', async () => {
    const fingerprint = randomUUID();
    await approve(eve, await ask('ada@acme.example', fingerprint));
    expect(await attempt('ada@acme.example', fingerprint, { breaks: true })).toMatchObject({ status: 500 });
    expect(await timesDone(fingerprint)).toBe(0);
    expect(await attempt('ada@acme.example', fingerprint)).toMatchObject({ status: 200 });
  });

  test('sent many times at once on one approval is done once', async () => {
    const fingerprint = randomUUID();
    await approve(eve, await ask('ada@acme.example', fingerprint));
    const answers = await Promise.all(Array.from({ length: 5 }, () => attempt('ada@acme.example', fingerprint)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409]);
    expect(await timesDone(fingerprint)).toBe(1);
  });

  test('is not open any more once the approval has expired', async () => {
    const fingerprint = randomUUID();
    const [approved, waiting] = [await ask('ada@acme.example', fingerprint), await ask('ada@acme.example', `${fingerprint} late`)];
    await approve(eve, approved);
    await api.db.pool.query('UPDATE admin_center.approval SET expires_at = clock_timestamp() WHERE id = ANY ($1)', [[approved.id, waiting.id]]);
    expect(await attempt('ada@acme.example', fingerprint)).toMatchObject(needed);
    expect(await approve(eve, waiting)).toMatchObject({ status: 409, body: { code: 'already_decided' } });
    expect((await ada.get(APPROVALS, { fingerprint })).body).toMatchObject({ items: [{ state: 'expired' }] });
    // What expired does not stand in the way of asking again.
    expect(await ask('ada@acme.example', fingerprint)).toMatchObject({ state: 'waiting' });
  });
});

describe('deciding', () => {
  test('is not for the requester, by whatever Grafana user, nor for whoever lacks the role', async () => {
    const approval = await ask('ada@acme.example', randomUUID());
    expect(approval.mayDecide).toBe(false);
    expect(await approve(ada, approval)).toMatchObject({ status: 403, body: { code: 'own_request' } });
    expect(await approve(api.as({ email: 'ADA@acme.example' }), approval)).toMatchObject({ status: 403, body: { code: 'own_request' } });
    expect(await approve(sam, approval)).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect((await eve.get(APPROVALS, { fingerprint: approval.fingerprint })).body).toMatchObject({ items: [{ state: 'waiting', mayDecide: true, mine: false }] });
    const { rows } = await api.db.pool.query("SELECT outcome FROM admin_center.audit_log WHERE action = 'audit.approve' AND target_id = $1", [approval.id]);
    expect(rows).toEqual([{ outcome: 'denied' }, { outcome: 'denied' }]);
  });

  test('by oneself is refused by the database too', async () => {
    const { id } = await ask('ada@acme.example', randomUUID());
    await expect(
      sql`UPDATE admin_center.approval SET decision = 'approved', decider_subject = requester_subject, decider_email = requester_email, decided_at = now() WHERE id = ${id}`.execute(api.database),
    ).rejects.toMatchObject({ code: '23514' });
    await expect(sql`UPDATE admin_center.approval SET fingerprint = 'another' WHERE id = ${id}`.execute(api.database)).rejects.toMatchObject({ code: '42501' });
  });

  test('by two admins at once: one wins, the other is told', async () => {
    const approval = await ask('sam@acme.example', randomUUID());
    const answers = await Promise.all([approve(ada, approval), eve.post(`${APPROVALS}/${approval.id}/reject`, { reason })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { rows } = await api.db.pool.query("SELECT outcome FROM admin_center.audit_log WHERE target_id = $1 AND action <> 'audit.ask' ORDER BY outcome", [approval.id]);
    expect(rows).toEqual([{ outcome: 'failed' }, { outcome: 'success' }]);
  });

  test('a rejection closes it, and so does a withdrawal even after the approval', async () => {
    const [rejected, withdrawn] = [randomUUID(), randomUUID()];
    const first = await ask('sam@acme.example', rejected);
    expect(await ada.post(`${APPROVALS}/${first.id}/reject`, { reason })).toMatchObject({ status: 200, body: { approval: { state: 'rejected', decisionReason: reason } } });
    expect(await attempt('sam@acme.example', rejected)).toMatchObject(needed);
    const second = await ask('sam@acme.example', withdrawn);
    await approve(ada, second);
    expect(await ada.post(`${APPROVALS}/${second.id}/withdraw`)).toMatchObject({ status: 403, body: { code: 'not_your_request' } });
    expect(await sam.post(`${APPROVALS}/${second.id}/withdraw`)).toMatchObject({ status: 200, body: { approval: { state: 'withdrawn' } } });
    expect(await attempt('sam@acme.example', withdrawn)).toMatchObject(needed);
    expect(await approve(ada, { ...second, id: randomUUID() })).toMatchObject({ status: 404 });
  });
});

describe('asking', () => {
  test('takes a ticket of ours, unaltered, one\'s own, and young', async () => {
    const ticket = ticketOf(await attempt('sam@acme.example', randomUUID()));
    const [payload = '', signature = ''] = ticket.split('.');
    const altered = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), summary: 'Nothing to see here.' })).toString('base64url');
    for (const [client, text] of [[sam, `${altered}.${signature}`], [sam, 'nonsense'], [sam, ''], [sam, `${payload}.`], [ada, ticket]] as const) {
      expect(await client.post(APPROVALS, { ticket: text, reason })).toMatchObject({ status: 409, body: { code: 'ticket_invalid' } });
    }
    await api.db.pool.query("UPDATE admin_center.approval_secret SET secret = decode(repeat('ab', 32), 'hex')");
    expect(await sam.post(APPROVALS, { ticket, reason })).toMatchObject({ status: 409, body: { code: 'ticket_invalid' } });
  });

  test('for the same twice is refused, at once as well', async () => {
    const fingerprint = randomUUID();
    const ticket = ticketOf(await attempt('sam@acme.example', fingerprint));
    const answers = await Promise.all([1, 2, 3].map(() => sam.post(APPROVALS, { ticket, reason })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'already_asked' });
  });

  test('the list tells open from past, newest first, page by page', async () => {
    const ids = async (query: Record<string, string>) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body } = await ada.get(APPROVALS, { ...query, limit: '2', ...(cursor === '' ? {} : { cursor }) });
        const page = body as { items: Approval[]; nextCursor: string | null };
        found.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      return found;
    };
    const [all, open, past] = [await ids({}), await ids({ open: 'true' }), await ids({ open: 'false' })];
    expect(new Set(all).size).toBe(all.length);
    expect(open.length).toBeGreaterThan(1);
    expect([...open, ...past].toSorted()).toEqual(all.toSorted());
    expect((await ada.get(APPROVALS, { cursor: 'nonsense' })).body).toMatchObject({ code: 'cursor_invalid' });
  });
});
