// Sends marks to Grafana as annotations, where one is configured. A Grafana that is down delays nothing but itself.
import { sql } from 'kysely';
import type { Logger } from '@admin-center/platform/log';
import type { Database } from '../database.ts';

const TIMEOUT_MS = 5_000;
/** While one process sends an annotation no other one takes it up. */
const LEASE_S = 60;
const FIRST_RETRY_S = 10;
const LAST_RETRY_S = 3_600;
/** A day and a half of hourly retries; then the annotation is given up, its mark stays. */
const ATTEMPTS_MAX = 45;

export interface GrafanaTarget {
  /** Root URL, without `/api`. */
  readonly url: string;
  readonly token: string;
}

interface DueRow {
  readonly id: number;
  readonly attempts: number;
  readonly at: Date;
  readonly ended_at: Date | null;
  readonly title: string;
  readonly text: string;
  readonly tags: string[];
}

/** Sends what is due, one after the other. @returns how many Grafana now has */
export async function sendDueAnnotations(database: Database, target: GrafanaTarget, log: Logger): Promise<number> {
  for (let sent = 0; ; sent++) {
    const due = await leaseNext(database);
    if (due === null) {
      return sent;
    }
    try {
      // Only a retry can meet its own earlier success: the answer was lost, the process ended before noting it, or what
      // it marks came to another end than was known then.
      const known = due.attempts === 1 ? null : await find(target, due.id);
      await send(target, due, known);
    } catch (err) {
      log.warn({ err, outbox: due.id, attempts: due.attempts }, 'Grafana did not take an annotation; it is tried again later');
      await putOff(database, due, err instanceof Error ? err.message : String(err));
      return sent;
    }
    await sql`
      UPDATE admin_center.outbox SET annotated_at = clock_timestamp(), annotation_due = NULL, annotation_error = NULL WHERE id = ${due.id}
    `.execute(database);
  }
}

/** Takes the next one due, with the attempt already counted: a process that dies here leaves a retry, not a duplicate. */
async function leaseNext(database: Database): Promise<DueRow | null> {
  const { rows } = await sql<DueRow>`
    WITH due AS (
      UPDATE admin_center.outbox
      SET annotation_due = clock_timestamp() + ${LEASE_S} * interval '1 second', annotation_attempts = annotation_attempts + 1
      WHERE id = (
        SELECT id FROM admin_center.outbox WHERE annotation_due <= clock_timestamp() ORDER BY annotation_due LIMIT 1 FOR UPDATE SKIP LOCKED
      )
      RETURNING id, audit_sequence, annotation_attempts AS attempts
    )
    SELECT due.id, due.attempts, m.at, m.ended_at, m.title, m.text, m.tags
    FROM due JOIN admin_center.mark m USING (audit_sequence)
  `.execute(database);
  return rows[0] ?? null;
}

async function putOff(database: Database, due: DueRow, error: string): Promise<void> {
  const delay = Math.min(FIRST_RETRY_S * 2 ** (due.attempts - 1), LAST_RETRY_S);
  await sql`
    UPDATE admin_center.outbox
    SET annotation_due = CASE WHEN ${due.attempts < ATTEMPTS_MAX}::boolean THEN clock_timestamp() + ${delay} * interval '1 second' END,
      annotation_error = ${error.slice(0, 500)}
    WHERE id = ${due.id}
  `.execute(database);
}

/** @returns Grafana's id of the annotation */
async function find(target: GrafanaTarget, id: number): Promise<number | null> {
  const found = await call(target, 'GET', `/api/annotations?tags=${encodeURIComponent(`outbox:${id}`)}&limit=1`);
  if (!Array.isArray(found)) {
    throw new Error(NOT_GRAFANA);
  }
  const [first] = found as { id: number }[];
  return first?.id ?? null;
}

/** A proxy or a page for guests may say 200 to anything: then Grafana has nothing yet. */
const NOT_GRAFANA = 'What answered 200 is not Grafana.';

async function send(target: GrafanaTarget, due: DueRow, known: number | null): Promise<void> {
  const taken = await call(target, known === null ? 'POST' : 'PATCH', known === null ? '/api/annotations' : `/api/annotations/${known}`, {
    time: due.at.getTime(),
    ...(due.ended_at === null ? {} : { timeEnd: due.ended_at.getTime() }),
    text: `${due.title}: ${due.text}`,
    tags: due.tags,
  });
  if (typeof taken !== 'object' || taken === null || !('id' in taken || 'message' in taken)) {
    throw new Error(NOT_GRAFANA);
  }
}

/** @throws Error with Grafana's status and the start of its answer */
async function call({ url, token }: GrafanaTarget, method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Grafana answered ${response.status}: ${text.slice(0, 200)}`);
  }
  return JSON.parse(text) as unknown;
}
