// Audit: the list and its filters, marks, verification and acknowledgement by hand, erasure, and the export.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { audit } from '@admin-center/contracts/audit';
import { startTestApi, type TestApi } from '../../../test/api.ts';
import type { Client } from '../../../test/client.ts';
import { describeEndpoints } from '../../../test/describe-endpoints.ts';
import { ticketFor } from '../../../test/tickets.ts';
import { relayBatch } from '../../platform/outbox/relay.ts';

const reason = 'Looked into by the security team.';
const range = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };

const entry = async (api: TestApi, { reason: why = 'Because.', target = 'somebody', outcome = 'success', action = 'users.suspend' } = {}): Promise<number> => {
  const { rows } = await api.db.pool.query<{ sequence: number }>(
    `SELECT admin_center.audit_append(NULL, 'user:2', 'Bo@acme.example', 'support_admin', $1, $2, 'user', $3, $4, '{"a":1}', NULL, NULL, NULL, NULL) AS sequence`,
    [action, outcome, target, why],
  );
  return (rows[0] as { sequence: number }).sequence;
};
const breakStatus = (api: TestApi) =>
  api.db.pool.query(`UPDATE admin_center.audit_chain_status SET valid = false, problems = '[{"kind":"edited","sequence":1,"detail":"Entry 1.","fingerprint":"f"}]'`);

describeEndpoints(audit, {
  list: async () => ({ query: { outcome: 'success' } }),
  marks: async () => ({ query: range }),
  chain: async () => ({}),
  verify: async () => ({}),
  acknowledge: async (api) => {
    await breakStatus(api);
    return { body: { reason } };
  },
  erase: async (api) => ({ params: { sequence: String(await entry(api)) }, body: { reason } }),
  export: async () => ({ body: { reason } }),
  changes: async () => ({ query: range }),
  approvals: async () => ({ query: { open: 'true' } }),
  askApproval: async (made) => ({ body: { ticket: await ticketFor(made, 'super@acme.example'), reason } }),
  approve: async (made) => ({ params: await asked(made, 'other@acme.example'), body: { reason } }),
  reject: async (made) => ({ params: await asked(made, 'other@acme.example'), body: { reason } }),
  withdraw: async (made) => ({ params: await asked(made, 'super@acme.example') }),
});

async function asked(made: TestApi, email: string): Promise<{ approvalId: string }> {
  await made.db.make.admin({ email }).catch(() => 'is there already');
  const { body } = await made.as({ email }).post('/api/v1/audit/approvals', { ticket: await ticketFor(made, email), reason });
  return { approvalId: (body as { approval: { id: string } }).approval.id };
}

let api: TestApi;
let ada: Client;
beforeAll(async () => {
  api = await startTestApi();
  await api.db.make.admin({ email: 'ada@acme.example' });
  await api.db.make.admin({ email: 'sam@acme.example', role: 'support_admin' });
  ada = api.as({ email: 'ada@acme.example' });
});
afterAll(() => api.close());

const items = (body: unknown) => (body as { items: { sequence: number; action: string }[] }).items;

describe('the list', () => {
  test('filters by actor in any case, action, outcome, target and time, and pages newest first', async () => {
    const target = 'filter-me';
    const sequences: number[] = [];
    for (const outcome of ['success', 'denied', 'failed', 'success', 'success']) {
      sequences.push(await entry(api, { target, outcome }));
    }
    const list = async (query: Record<string, string>) => items((await ada.get('/api/v1/audit', { targetId: target, ...query })).body);
    expect(await list({ actor: 'bO@ACME.example' })).toHaveLength(5);
    expect(await list({ actor: 'ada@acme.example' })).toEqual([]);
    expect(await list({ outcome: 'denied' })).toMatchObject([{ sequence: sequences[1], outcome: 'denied', actor: { role: 'support_admin', id: null }, before: { a: 1 }, after: null }]);
    expect(await list({ action: 'users.reactivate' })).toEqual([]);
    expect(await list({ to: '2020-01-01T00:00:00Z' })).toEqual([]);
    const paged: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await ada.get('/api/v1/audit', { targetId: target, limit: '2', ...(cursor === '' ? {} : { cursor }) });
      paged.push(...items(body).map(({ sequence }) => sequence));
      const next = (body as { nextCursor: string | null }).nextCursor;
      if (next === null) {
        break;
      }
      cursor = next;
    }
    expect(paged).toEqual(sequences.toReversed());
  });
});

describe('marks', () => {
  test('are the successful actions of the range, oldest first, without anybody\'s name', async () => {
    const target = '3f0e6a52-8f0a-4b5e-9f51-0e7a0c7b1a11';
    const first = await entry(api, { target });
    await entry(api, { target, outcome: 'denied' });
    const last = await entry(api, { target, action: 'users.reactivate' });
    await relayBatch(api.database, false);
    const { body } = await ada.get('/api/v1/audit/marks', { ...range, targetId: target });
    expect(body).toMatchObject({
      items: [
        { title: 'users.suspend', auditSequence: first, tags: ['admin', 'users.suspend', expect.stringMatching(/^outbox:\d+$/)], endedAt: null },
        { title: 'users.reactivate', auditSequence: last },
      ],
    });
    expect(JSON.stringify(body)).not.toContain('acme.example');
    expect(await ada.get('/api/v1/audit/marks', { from: 'yesterday', to: range.to })).toMatchObject({ status: 400, body: { errors: [{ path: 'query.from' }] } });
  });
});

describe('the chain', () => {
  test('is verified and acknowledged by hand, by a super admin only', async () => {
    const sam = api.as({ email: 'sam@acme.example' });
    expect(await sam.get('/api/v1/audit/chain')).toMatchObject({ status: 200 });
    expect(await sam.post('/api/v1/audit/verify')).toMatchObject({ status: 403, body: { code: 'permission_missing' } });
    expect(await ada.post('/api/v1/audit/verify')).toMatchObject({ status: 200, body: { valid: true, acknowledged: true, problems: [] } });
    expect(await ada.post('/api/v1/audit/acknowledge', { reason })).toMatchObject({ status: 409, body: { code: 'nothing_to_acknowledge' } });
    await breakStatus(api);
    expect(await ada.get('/api/v1/audit/chain')).toMatchObject({ body: { valid: false, acknowledged: false, problems: [{ kind: 'edited', sequence: 1, detail: 'Entry 1.' }] } });
    expect(await ada.post('/api/v1/audit/acknowledge', { reason })).toMatchObject({ status: 200, body: { acknowledged: true } });
  });

  test('survives an erasure, which is an entry itself and cannot be done twice', async () => {
    const sequence = await entry(api, { reason: 'Zoë Zimmer asked by phone.' });
    const answer = await ada.post(`/api/v1/audit/entries/${sequence}/erase`, { reason });
    expect(answer).toMatchObject({ status: 200, body: { sequence, actor: { email: null }, reason: null, before: null, erasedAt: expect.any(String) } });
    expect(await ada.post(`/api/v1/audit/entries/${sequence}/erase`, { reason })).toMatchObject({ status: 409, body: { code: 'already_erased' } });
    expect(await ada.post('/api/v1/audit/entries/999999/erase', { reason })).toMatchObject({ status: 404 });
    expect(await ada.post('/api/v1/audit/verify')).toMatchObject({ body: { valid: true, problems: [] } });
    const { rows } = await api.db.pool.query("SELECT count(*) FROM admin_center.audit_detail WHERE concat(reason, before, after) LIKE '%Zimmer%'");
    expect(rows).toEqual([{ count: 0 }]);
  });
});

describe('the export', () => {
  const exported = async (body: Record<string, unknown>): Promise<{ text: string; headers: Headers; requestId: string }> => {
    const answer = await ada.post('/api/v1/audit/export', { reason, ...body });
    expect(answer.status).toBe(200);
    return { text: answer.body as string, headers: answer.headers, requestId: answer.headers.get('x-request-id') as string };
  };

  test('is CSV that no spreadsheet runs, with a watermark in every row', async () => {
    const target = 'export-me';
    for (const why of ['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)', '\tx', '\rx', 'plain, "quoted"\nand broken']) {
      await entry(api, { target, reason: why });
    }
    const { text, headers, requestId } = await exported({ targetId: target });
    expect(headers.get('content-type')).toContain('text/csv');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    expect(text.split('\r\n')[0]).toBe('"sequence","at","actor","role","action","outcome","target_type","target_id","reason","before","after","request_id","hash","exported_by"');
    for (const cell of [`"'=HYPERLINK(""http://evil.example"")"`, `"'+1"`, `"'-1"`, `"'@SUM(A1)"`, `"'\tx"`, `"'\rx"`, '"plain, ""quoted""\nand broken"', '"{""a"":1}"']) {
      expect(text).toContain(cell);
    }
    expect(text.match(new RegExp(`"ada@acme.example ${requestId}"`, 'g'))).toHaveLength(7);
  });

  test('is known to the log by its rows, bytes and digest before it leaves', async () => {
    const { text, requestId } = await exported({ targetId: 'export-me' });
    const { rows } = await api.db.pool.query('SELECT d.after, d.reason FROM admin_center.audit_log l JOIN admin_center.audit_detail d USING (sequence) WHERE l.request_id = $1', [requestId]);
    expect(rows).toEqual([
      { after: { filter: { targetId: 'export-me' }, rows: 7, bytes: Buffer.byteLength(text), sha256: createHash('sha256').update(text).digest('hex') }, reason },
    ]);
  });

  test('of nothing is the header alone', async () => {
    expect((await exported({ targetId: 'nobody' })).text.split('\r\n')).toHaveLength(2);
  });

  test('spans several batches in order', async () => {
    await api.db.pool.query(
      `SELECT admin_center.audit_append(NULL, 'user:2', 'bo@acme.example', 'support_admin', 'users.suspend', 'success', 'user', 'many', 'Because.', NULL, NULL, NULL, NULL, NULL) FROM generate_series(1, 2500)`,
    );
    const sequences = (await exported({ targetId: 'many' })).text.trim().split('\r\n').slice(1).map((row) => Number(/^"(\d+)"/.exec(row)?.[1]));
    expect(sequences).toHaveLength(2_500);
    expect(sequences).toEqual(sequences.toSorted((a, b) => b - a));
  });
});

describe('changes', () => {
  test('are what admins did to the product, with who and why, oldest first; the log\'s own bookkeeping and failures are not', async () => {
    const target = 'what-changed';
    await entry(api, { target, reason: 'The first.' });
    await entry(api, { target, outcome: 'failed' });
    await entry(api, { target, action: 'audit.export' });
    await entry(api, { target, action: 'users.reactivate', reason: 'The second.' });
    while ((await relayBatch(api.database, false)).head !== null) {
      // Until every entry has its mark.
    }
    const { body } = await ada.get('/api/v1/audit/changes', range);
    const found = (body as { items: { target: { id: string } | null }[] }).items.filter((item) => item.target?.id === target);
    expect(found).toMatchObject([
      { action: 'users.suspend', reason: 'The first.', actor: { email: 'Bo@acme.example', role: 'support_admin' }, endedAt: null, auditSequence: expect.any(Number) },
      { action: 'users.reactivate', reason: 'The second.' },
    ]);
  });

  test('that last are listed for every range they touch', async () => {
    await api.db.pool.query("INSERT INTO admin_center.mark (at, ended_at, title, text, tags) VALUES ('2026-01-10T10:00:00Z', '2026-01-10T11:00:00Z', 'impersonation', 'A session.', '{admin}')");
    const during = { from: '2026-01-10T10:30:00Z', to: '2026-01-10T10:40:00Z' };
    expect((await ada.get('/api/v1/audit/changes', during)).body).toEqual({
      items: [expect.objectContaining({ action: 'impersonation', at: '2026-01-10T10:00:00.000Z', endedAt: '2026-01-10T11:00:00.000Z', actor: null, target: null, auditSequence: null })],
    });
    expect((await ada.get('/api/v1/audit/changes', { from: '2026-01-10T11:00:01Z', to: '2026-01-10T12:00:00Z' })).body).toEqual({ items: [] });
  });
});
