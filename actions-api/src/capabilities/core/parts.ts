// How each part of the product is doing, asked at the same time, each with two seconds to answer.
import type { z } from 'zod';
import type { part } from '@admin-center/contracts/core';
import { sql } from 'kysely';
import type { Clock } from '@admin-center/platform/clock';
import type { Config } from '../../config.ts';
import type { Database } from '../../platform/database.ts';

export type Part = z.output<typeof part>;

const TIMEOUT_MS = 2_000;
/** Three missed heartbeats. */
const WORKER_SILENT_S = 45;

interface Answer {
  readonly state: Part['state'];
  readonly detail: string;
}

export function checkParts(database: Database, config: Config, clock: Clock): Promise<Part[]> {
  const checks: Readonly<Record<Part['name'], () => Promise<Answer>>> = {
    database: () => checkDatabase(database),
    worker: () => checkWorker(database),
    exporter: () => checkUrl(config.EXPORTER_URL, '/readyz', (_body, text) => (text.trim() === 'ready' ? 'Serves /metrics.' : null)),
    prometheus: () => checkUrl(config.PROMETHEUS_URL, '/api/v1/status/buildinfo', (body) => versionOf('Prometheus', body, 'data', 'version')),
    alertmanager: () => checkUrl(config.ALERTMANAGER_URL, '/api/v2/status', (body) => versionOf('Alertmanager', body, 'versionInfo', 'version')),
    'grafana-annotations': () => checkAnnotations(database, config),
  };
  return Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name: name as Part['name'], ...(await answerInTime(check)), checkedAt: clock().toISOString() })),
  );
}

async function answerInTime(check: () => Promise<Answer>): Promise<Answer> {
  const timeout = new Promise<Answer>((resolve) => {
    setTimeout(() => resolve({ state: 'down', detail: `No answer within ${TIMEOUT_MS / 1_000} s.` }), TIMEOUT_MS).unref();
  });
  return Promise.race([timeout, check().catch((error: unknown): Answer => ({ state: 'down', detail: reasonOf(error) }))]);
}

/** `fetch` hides what went wrong in `cause`; a refused connection has a code and no message. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { message, code } = cause as { message?: string; code?: string };
  return message || code || String(cause);
}

async function checkDatabase(database: Database): Promise<Answer> {
  const startedAt = performance.now();
  const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(database);
  return { state: 'up', detail: `PostgreSQL ${rows[0]?.version}, answered in ${Math.ceil(performance.now() - startedAt)} ms` };
}

async function checkWorker(database: Database): Promise<Answer> {
  const { rows } = await sql<{ age: number; pending: number }>`
    SELECT extract(epoch FROM now() - at)::float8 AS age, (SELECT count(*) FROM admin_center.outbox WHERE relayed_at IS NULL) AS pending
    FROM admin_center.heartbeat WHERE part = 'worker'
  `.execute(database);
  const [beat] = rows;
  if (beat === undefined) {
    return { state: 'down', detail: 'No worker has run yet. Start the API with the role worker.' };
  }
  const detail = `Last sign of life ${Math.round(beat.age)} s ago; actions to be relayed: ${beat.pending}`;
  return { state: beat.age <= WORKER_SILENT_S ? 'up' : 'down', detail };
}

async function checkAnnotations(database: Database, config: Config): Promise<Answer> {
  const token = config.GRAFANA_ANNOTATIONS_TOKEN;
  if (token === undefined) {
    return NOT_CONFIGURED;
  }
  const { rows } = await sql<{ waiting: number; error: string | null }>`
    SELECT count(*) AS waiting, max(annotation_error) AS error FROM admin_center.outbox WHERE annotation_due IS NOT NULL
  `.execute(database);
  const waiting = rows[0]?.waiting ?? 0;
  const lastError = rows[0]?.error ?? null;
  return checkUrl(config.GRAFANA_ANNOTATIONS_URL, '/api/annotations?limit=1', (body) => (!Array.isArray(body) ? null : `Annotations waiting: ${waiting}${lastError === null ? '' : `; last error: ${lastError}`}`), token);
}

const NOT_CONFIGURED: Answer = { state: 'not_configured', detail: 'No address is configured.' };

/** @param detail null for a body that is not the part's own: a proxy may say 200 to anything */
async function checkUrl(url: string | undefined, path: string, detail: (body: unknown, text: string) => string | null, token?: string): Promise<Answer> {
  if (url === undefined) {
    return NOT_CONFIGURED;
  }
  const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  const text = await response.text();
  const known = response.ok ? detail(parseJson(text), text) : null;
  return known === null ? { state: 'down', detail: `Answered ${response.status}${response.ok ? ' with something that is not its own' : ''}: ${text.slice(0, 200)}` } : { state: 'up', detail: known };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function versionOf(name: string, body: unknown, part: string, key: string): string | null {
  const value = isObject(body) && isObject(body[part]) ? body[part][key] : undefined;
  return typeof value === 'string' ? `${name} ${value}` : null;
}
