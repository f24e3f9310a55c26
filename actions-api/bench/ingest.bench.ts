// Events by HTTP, each once and acknowledged when committed: against \copy of the same rows into the same table and against
// one INSERT per event; small requests; more than the database takes; and what is left after the process is killed.
// The sender, the API and PostgreSQL share the cores of the machine, so the rates are those of a third of it; what each of
// them spent of the processors says more. Some four minutes; BENCH_REQUESTS=100 BENCH_KILLS=2 is a look of half a minute.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeKey } from '@admin-center/platform/project-key';
import type pg from 'pg';
import { connected, createProduct, type ScratchProduct, type ScratchServer, withScratchServer } from '../../database/testing/scratch.ts';
import { TOKEN } from '../test/client.ts';
import { killUnderLoad } from '../test/kill-ingest.ts';
import type { Target } from '../test/post.ts';
import { type ApiProcess, startProcess } from '../test/process.ts';
import { EVENTS_PER_REQUEST, requestsOf, userIds } from './ingest-corpus.ts';
import { each, load } from './ingest-load.ts';
import { copyRate, empty, rowByRowRate, writeOut, writeReceipts } from './ingest-table.ts';
import { processorMs } from './processor-time.ts';

export const name = 'Events: intake by HTTP against \\copy and against single inserts';

const USERS = 20_000;
const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 800);
const ROUNDS = 3;
const KILLS = Number(process.env['BENCH_KILLS'] ?? 20);

type Report = (row: Record<string, string | number>) => void;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

export async function run(report: Report): Promise<void> {
  const users = userIds(USERS);
  await withScratchServer({ durable: true }, async (server) => {
    const product = await createProduct(server.url, 'ingest', (owner) => owner.query("INSERT INTO public.users (id, email, jwt_id, created_at, updated_at) SELECT id, 'user' || n || '@acme.example', 'auth0|' || n, now() - interval '90 days', now() FROM unnest($1::uuid[]) WITH ORDINALITY AS u (id, n)", [users]));
    await connected(product.url, (owner) => measure(report, { product, server, owner, users }));
  });
}

interface Place {
  readonly product: ScratchProduct;
  readonly server: ScratchServer;
  readonly owner: pg.Client;
  readonly users: readonly string[];
}

async function measure(report: Report, { product, server, owner, users }: Place): Promise<void> {
  await owner.query('VACUUM ANALYZE');
  const key = makeKey('test');
  await owner.query("INSERT INTO admin_center.project_key (id, project, name, kind, environment, secret_hash, last4) VALUES ($1, 'default', 'Bench', 'server', 'test', $2, $3)", [key.id, key.secretHash, key.last4]);
  const environment = {
    DATABASE_URL: product.apiUrl, PORT: '0', API_ROLES: 'ingest', LOG_LEVEL: 'info', ACTIONS_API_TOKEN: TOKEN, AUDIT_WITNESS_FILE: path.join(server.folder, 'witness'), RATE_LIMIT_INGEST_PER_MINUTE: '100000000',
  };
  const api = await startProcess(environment);
  const target: Target = { url: `${api.baseUrl}/ingest/segment/v1/batch`, key: key.secret };
  await load(target, 16, each(requestsOf(300, EVENTS_PER_REQUEST, users, 'warm')));
  await compare(report, { target, users, owner, url: product.url, directory: server.folder, api, postgres: server.pid });
  await small(report, target, users, owner);
  await overload(report, { target, users, owner, api });
  await api.end('SIGTERM');
  const kills = await killUnderLoad({ environment, key: key.secret, pool: owner, kills: KILLS });
  report({ what: `SIGKILL of the API under load, ${KILLS} times`, 'events acknowledged': kills.acknowledged, 'of them lost': kills.lost, 'stored twice': kills.twice });
}

interface Scene {
  readonly target: Target;
  readonly users: readonly string[];
  readonly owner: pg.Client;
  readonly url: string;
  readonly directory: string;
  readonly api: ApiProcess;
  /** Of the postmaster. */
  readonly postgres: number;
}

/** In turns, so that what else the machine does falls on all alike. */
async function compare(report: Report, { target, users, owner, url, directory, api, postgres }: Scene): Promise<void> {
  const [file, receipts] = [path.join(directory, 'events.tsv'), path.join(directory, 'receipts.tsv')];
  const rates = { http: [] as number[], again: [] as number[], copy: [] as number[], copyBoth: [] as number[], single: [] as number[] };
  const spent = { api: [] as number[], postgres: [] as number[], sender: [] as number[], copy: [] as number[] };
  let [p50, p99] = [0, 0];
  const clock = async () => ({ api: await processorMs(api.child.pid as number), postgres: await processorMs(postgres), sender: (process.cpuUsage().user + process.cpuUsage().system) / 1_000 });
  for (let round = 0; round < ROUNDS; round += 1) {
    const bodies = requestsOf(REQUESTS, EVENTS_PER_REQUEST, users, `round-${round}`);
    await empty(owner);
    const before = await clock();
    const result = await load(target, 16, each(bodies));
    const after = await clock();
    (['api', 'postgres', 'sender'] as const).forEach((process) => spent[process].push((after[process] - before[process]) / REQUESTS));
    await expectAll(owner, result.statuses, REQUESTS * EVENTS_PER_REQUEST);
    rates.http.push((REQUESTS * EVENTS_PER_REQUEST) / result.seconds);
    [p50, p99] = [result.p50, result.p99];
    rates.again.push((REQUESTS * EVENTS_PER_REQUEST) / (await load(target, 16, each(bodies))).seconds);
    const rows = await writeOut(url, owner, file);
    await writeReceipts(url, receipts);
    rates.copy.push(await copyRate(url, owner, file, rows, null));
    const copying = await processorMs(postgres);
    rates.copyBoth.push(await copyRate(url, owner, file, rows, receipts));
    spent.copy.push((await processorMs(postgres) - copying) / (rows / EVENTS_PER_REQUEST));
    rates.single.push(await rowByRowRate(url, owner, Math.min(5_000, rows)));
    report({ what: `round ${round + 1}`, 'HTTP events/s': Math.round(rates.http.at(-1) as number), '\\copy': Math.round(rates.copy.at(-1) as number), '\\copy with receipts': Math.round(rates.copyBoth.at(-1) as number) });
  }
  report({ what: `processor time for ${EVENTS_PER_REQUEST} events`, 'API ms': median(spent.api), 'PostgreSQL ms': median(spent.postgres), 'sender ms': median(spent.sender), 'PostgreSQL for \\copy with receipts ms': median(spent.copy) });
  report({ what: '\\copy into the stream, same rows and indexes', 'events/s': median(rates.copy) });
  report({ what: '\\copy into the stream and the receipts', 'events/s': median(rates.copyBoth), 'of \\copy': median(rates.copyBoth) / median(rates.copy) });
  report({ what: `HTTP, ${EVENTS_PER_REQUEST} events a request, 16 connections`, 'events/s': median(rates.http), 'of \\copy': median(rates.http) / median(rates.copy), 'of \\copy with receipts': median(rates.http) / median(rates.copyBoth), 'times single inserts': median(rates.http) / median(rates.single), 'p50 ms': p50, 'p99 ms': p99 });
  report({ what: 'the same requests a second time', 'events/s': median(rates.again), 'of \\copy': median(rates.again) / median(rates.copy) });
  report({ what: 'one INSERT and commit per event, 16 connections, without HTTP', 'events/s': median(rates.single), 'of \\copy': median(rates.single) / median(rates.copy) });
}

async function expectAll(owner: pg.Client, statuses: Readonly<Record<string, number>>, events: number): Promise<void> {
  const { rows } = await owner.query('SELECT count(*)::int AS count FROM admin_center.event');
  if (rows[0].count !== events || Object.keys(statuses).join() !== '200') {
    throw new Error(`${rows[0].count} of ${events} events are stored; answers: ${JSON.stringify(statuses)}`);
  }
}

async function small(report: Report, target: Target, users: readonly string[], owner: pg.Client): Promise<void> {
  const [count, rates] = [5 * REQUESTS, [] as number[]];
  for (let round = 0; round < ROUNDS; round += 1) {
    await empty(owner);
    const result = await load(target, 64, each(requestsOf(count, 1, users, `small-${round}`)));
    await expectAll(owner, result.statuses, count);
    rates.push(count / result.seconds);
    if (round === ROUNDS - 1) {
      report({ what: 'HTTP, 1 event a request, 64 connections', 'events/s': median(rates), 'p50 ms': result.p50, 'p99 ms': result.p99 });
    }
  }
}

/** The database takes nothing for seconds while 256 connections send all they can. */
async function overload(report: Report, { target, users, owner, api }: Omit<Scene, 'url' | 'directory' | 'postgres'>): Promise<void> {
  await empty(owner);
  const bodies = requestsOf(20, 900, users, 'overload');
  const before = await memoryOf(api);
  await owner.query('BEGIN; LOCK TABLE admin_center.event_receipt IN ACCESS EXCLUSIVE MODE');
  const until = performance.now() + 10_000;
  let sent = 0;
  const result = await load(target, 256, () => (performance.now() < until ? (bodies[sent++ % bodies.length] as Buffer) : null));
  await owner.query('ROLLBACK');
  report({ what: `a database that takes nothing, 256 connections, requests of ${Math.round((bodies[0]?.length ?? 0) / 1_024)} KiB for 10 s`, requests: sent, 'answered 503': result.statuses[503] ?? 0, 'MiB before': before.now, 'peak MiB': (await memoryOf(api)).peak });
}

async function memoryOf({ child }: ApiProcess): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const of = (field: string): number => Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024);
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
