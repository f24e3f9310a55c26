// The worker in this process: entries become metric, mark and annotation; a Grafana that fails delays only itself; jobs run.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPool } from '@admin-center/platform/pool';
import { metrics } from '@opentelemetry/api';
import type pg from 'pg';
import pino from 'pino';
import { startTestApi, type TestApi } from '../test/api.ts';
import { eventually } from '../test/process.ts';
import { moveMark } from './capabilities/impersonation/close.ts';
import { createDatabase, type Database } from './platform/database.ts';
import { sendDueAnnotations } from './platform/outbox/annotations.ts';
import { createClientReader } from './platform/events/client-context.ts';
import { startWorker, type Worker } from './worker.ts';

const SILENT = pino({ level: 'silent' });

/** Grafana's annotations API; `failing` says how it misbehaves. */
interface Grafana {
  readonly url: string;
  failing: 'no' | 'before' | 'after';
  readonly annotations: { time: number; timeEnd?: number; text: string; tags: string[] }[];
  readonly searches: string[];
  close(): Promise<void>;
}

async function startGrafana(): Promise<Grafana> {
  const annotations: Grafana['annotations'] = [];
  const searches: string[] = [];
  const grafana = { failing: 'no' } as { -readonly [Key in keyof Grafana]: Grafana[Key] };
  const server = http.createServer((request, response) => {
    const answer = (status: number, body: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers.authorization !== 'Bearer grafana-token') {
      return answer(401, { message: 'Unauthorized' });
    }
    if (request.method === 'GET') {
      const tag = new URL(request.url ?? '', 'http://grafana').searchParams.get('tags') ?? '';
      searches.push(tag);
      return answer(200, annotations.flatMap((annotation, index) => (annotation.tags.includes(tag) ? [{ ...annotation, id: index + 1 }] : [])));
    }
    let text = '';
    request.on('data', (chunk) => (text += String(chunk))).on('end', () => {
      if (grafana.failing === 'before') {
        return answer(500, { message: 'database is locked' });
      }
      const annotation = JSON.parse(text) as (typeof annotations)[number];
      if (request.method === 'PATCH') {
        annotations[Number((request.url ?? '').split('/').at(-1)) - 1] = annotation;
        return answer(200, { message: 'Annotation patched' });
      }
      annotations.push(annotation);
      return grafana.failing === 'after' ? void response.destroy() : answer(200, { id: annotations.length });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(grafana, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    annotations,
    searches,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

let api: TestApi;
let grafana: Grafana;
let pool: pg.Pool;
let database: Database;
let worker: Worker;

beforeAll(async () => {
  grafana = await startGrafana();
  api = await startTestApi({ env: { GRAFANA_ANNOTATIONS_URL: grafana.url, GRAFANA_ANNOTATIONS_TOKEN: 'grafana-token' } });
  await api.db.make.admin({ email: 'ada@acme.example' });
  pool = createPool({ connectionString: api.db.apiUrl, applicationName: 'test-worker', max: 8 });
  database = createDatabase(pool);
  worker = startWorker({ config: api.config, pool, database, witness: api.witness, log: SILENT, meter: metrics.getMeter('test'), readClient: await createClientReader(api.config, metrics.getMeter('test'), SILENT) });
}, 30_000);
afterAll(async () => {
  await worker.close();
  await pool.end();
  await Promise.all([api.close(), grafana.close()]);
}, 30_000);

const target = () => ({ url: grafana.url, token: 'grafana-token' });
const suspend = async (): Promise<{ id: string; sequence: number }> => {
  const { id } = await api.db.make.user();
  const { body } = await api.as({ email: 'ada@acme.example' }).post(`/api/v1/users/${id}/suspend`, { reason: 'For the worker to relay.' });
  return { id, sequence: (body as { auditSequence: number }).auditSequence };
};
const outboxOf = async (sequence: number) =>
  (await api.db.pool.query('SELECT id, relayed_at, annotated_at, annotation_due, annotation_attempts, annotation_error FROM admin_center.outbox WHERE audit_sequence = $1', [sequence])).rows[0] as {
    id: number; relayed_at: Date | null; annotated_at: Date | null; annotation_due: Date | null; annotation_attempts: number; annotation_error: string | null;
  };
const tally = async (outcome: string): Promise<number> =>
  (
    await api.db.pool.query(`SELECT coalesce(sum(value), 0)::int AS value FROM admin_center.tally WHERE metric = 'admincenter_actions_total' AND labels @> $1`, [{ outcome, action: 'users.suspend' }])
  ).rows[0].value as number;

describe('an action', () => {
  test('is a metric, a mark, a line of the witness and an annotation soon after its commit', async () => {
    const before = await tally('success');
    const { id, sequence } = await suspend();
    const outbox = await eventually(() => outboxOf(sequence), (row) => row.annotated_at !== null);
    expect(await tally('success')).toBe(before + 1);
    expect(grafana.annotations.filter(({ tags }) => tags.includes(`outbox:${outbox.id}`))).toEqual([
      { time: expect.any(Number), text: `users.suspend: By a super_admin, on user ${id}. Audit entry ${sequence}.`, tags: ['admin', 'users.suspend', `outbox:${outbox.id}`] },
    ]);
    const { rows } = await api.db.pool.query('SELECT title, tags FROM admin_center.mark WHERE audit_sequence = $1', [sequence]);
    expect(rows).toEqual([{ title: 'users.suspend', tags: ['admin', 'users.suspend', `outbox:${outbox.id}`] }]);
    await eventually(() => api.witness.read(), ({ newest }) => newest >= sequence);
  });

  test('that lasts is a region, whose end Grafana is told again when it moves', async () => {
    const { sequence } = await suspend();
    const { id } = await eventually(() => outboxOf(sequence), (row) => row.annotated_at !== null);
    const sent = () => grafana.annotations.filter(({ tags }) => tags.includes(`outbox:${id}`));
    for (const end of ['2026-03-01T12:30:00.000Z', '2026-03-01T12:10:00.000Z']) {
      await database.transaction().execute((tx) => moveMark(tx, sequence, new Date(end)));
      await sendDueAnnotations(database, target(), SILENT);
      await eventually(async () => sent().at(-1)?.timeEnd, (timeEnd) => timeEnd === Date.parse(end));
      expect(sent()).toHaveLength(1);
      expect((await api.db.pool.query('SELECT ended_at FROM admin_center.mark WHERE audit_sequence = $1', [sequence])).rows).toEqual([{ ended_at: new Date(end) }]);
    }
  });

  test('that failed is counted, without a mark and without an annotation', async () => {
    const before = await tally('failed');
    const { id } = await api.db.make.user({ deletedAt: new Date() });
    await api.as({ email: 'ada@acme.example' }).post(`/api/v1/users/${id}/suspend`, { reason: 'Deleted, so it fails.' });
    await eventually(() => tally('failed'), (count) => count === before + 1);
    const { rows } = await api.db.pool.query('SELECT o.annotation_due, m.id AS mark FROM admin_center.audit_log l JOIN admin_center.outbox o ON o.audit_sequence = l.sequence LEFT JOIN admin_center.mark m USING (audit_sequence) WHERE l.target_id = $1', [id]);
    expect(rows).toEqual([{ annotation_due: null, mark: null }]);
  });
});

describe('a Grafana that fails', () => {
  const dueNow = (sequence: number) => api.db.pool.query('UPDATE admin_center.outbox SET annotation_due = now() WHERE audit_sequence = $1', [sequence]);

  test('delays neither metric nor mark, is asked again ever later, and then gets the annotation once', async () => {
    grafana.failing = 'before';
    const { sequence } = await suspend();
    const failed = await eventually(() => outboxOf(sequence), (row) => row.annotation_error !== null);
    expect(failed).toMatchObject({ relayed_at: expect.any(Date), annotated_at: null, annotation_attempts: 1, annotation_error: 'Grafana answered 500: {"message":"database is locked"}' });
    expect((failed.annotation_due as Date).getTime()).toBeGreaterThan(Date.now() + 5_000);
    await dueNow(sequence);
    await sendDueAnnotations(database, target(), SILENT);
    const again = await eventually(() => outboxOf(sequence), (row) => row.annotation_attempts === 2 && row.annotation_error !== null);
    expect((again.annotation_due as Date).getTime()).toBeGreaterThan(Date.now() + 15_000);
    grafana.failing = 'no';
    await dueNow(sequence);
    await sendDueAnnotations(database, target(), SILENT);
    expect(await eventually(() => outboxOf(sequence), (row) => row.annotated_at !== null)).toMatchObject({ annotation_due: null, annotation_error: null });
    expect(grafana.annotations.filter(({ tags }) => tags.includes(`outbox:${again.id}`))).toHaveLength(1);
  });

  test.each(['null', '[]', '"ok"'])('by being something else that answers 200 with %s has not taken it', async (said) => {
    const { sequence } = await suspend();
    await eventually(() => outboxOf(sequence), (row) => row.annotated_at !== null);
    const hotel = http.createServer((_request, response) => response.end(said));
    await new Promise<void>((resolve) => hotel.listen(0, '127.0.0.1', resolve));
    await api.db.pool.query('UPDATE admin_center.outbox SET annotated_at = NULL, annotation_attempts = 0, annotation_due = now() WHERE audit_sequence = $1', [sequence]);
    await sendDueAnnotations(database, { url: `http://127.0.0.1:${(hotel.address() as AddressInfo).port}`, token: 'grafana-token' }, SILENT);
    hotel.close();
    expect(await outboxOf(sequence)).toMatchObject({ annotated_at: null, annotation_error: 'What answered 200 is not Grafana.' });
  });

  test('after it has taken the annotation does not get it twice', async () => {
    grafana.failing = 'after';
    const { sequence } = await suspend();
    const { id } = await eventually(() => outboxOf(sequence), (row) => row.annotation_error !== null);
    grafana.failing = 'no';
    await dueNow(sequence);
    await sendDueAnnotations(database, target(), SILENT);
    await eventually(() => outboxOf(sequence), (row) => row.annotated_at !== null);
    expect(grafana.searches).toContain(`outbox:${id}`);
    expect(grafana.annotations.filter(({ tags }) => tags.includes(`outbox:${id}`))).toHaveLength(1);
  });
});

describe('the jobs', () => {
  test('bring a new user into the directory, take payments into account, and verify the chain', async () => {
    const { id } = await api.db.make.user({ email: 'brand.new@acme.example' });
    await api.db.make.payment(id, { status: 'failed', failureCode: 'expired_card' });
    const query = async (text: string, values: unknown[] = []) => (await api.db.pool.query(text, values)).rowCount ?? 0;
    await eventually(() => query('SELECT FROM admin_center.user_directory WHERE user_id = $1', [id]), (count) => count === 1, 25_000);
    await eventually(() => query('SELECT FROM admin_center.audit_chain_status WHERE valid AND verified_at IS NOT NULL'), (count) => count === 1);
    await eventually(() => query('SELECT FROM admin_center.payment_tally_start'), (count) => count === 1);
    await eventually(() => query("SELECT FROM admin_center.heartbeat WHERE part = 'worker'"), (count) => count === 1);
  }, 60_000);

  test('wait once each in the queue, however many workers there are', async () => {
    const second = startWorker({ config: api.config, pool, database, witness: api.witness, log: SILENT, meter: metrics.getMeter('test'), readClient: await createClientReader(api.config, metrics.getMeter('test'), SILENT) });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { rows } = await api.db.pool.query('SELECT key, count(*)::int AS count FROM admin_center_worker.jobs WHERE key IS NOT NULL GROUP BY key HAVING count(*) > 1');
    expect(rows).toEqual([]);
    expect((await api.db.pool.query("SELECT FROM admin_center_worker.jobs WHERE key = 'refresh-user-directory'")).rowCount).toBe(1);
    await second.close();
  });
});
