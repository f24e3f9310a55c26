// Kills the API again and again while events come in, and counts which of the acknowledged ones are not there.
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { messageDigest } from '../src/platform/events/ids.ts';
import { post } from './post.ts';
import { startProcess } from './process.ts';

interface Queryable {
  query(text: string, values: readonly unknown[]): Promise<{ rows: { found: number; rows: number }[] }>;
}

export interface KillOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly key: string;
  /** Of the owner. */
  readonly pool: { query: Queryable['query'] };
  readonly kills: number;
}

export interface KillCounts {
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
}

const CONNECTIONS = 16;

export async function killUnderLoad({ environment, key, pool, kills }: KillOptions): Promise<KillCounts> {
  const counts = { acknowledged: 0, lost: 0, twice: 0 };
  for (let kill = 0; kill < kills; kill += 1) {
    const api = await startProcess(environment);
    const target = { url: `${api.baseUrl}/ingest/segment/v1/batch`, key };
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const acknowledged: string[] = [];
    const over = new AbortController();
    const senders = Array.from({ length: CONNECTIONS }, async (_, connection) => {
      while (!over.signal.aborted) {
        // Some alone, some in large batches: both ways in.
        const ids = Array.from({ length: connection % 2 === 0 ? 1 : 100 }, () => randomUUID());
        const batch = ids.map((messageId) => ({ type: 'track', event: 'Killed', messageId, anonymousId: `visitor-${connection}`, properties: { kill } }));
        if ((await post(target, agent, Buffer.from(JSON.stringify({ batch, sentAt: new Date().toISOString() })))) === 200) {
          acknowledged.push(...ids);
        }
      }
    });
    await delay(400 + 800 * Math.random());
    await api.end('SIGKILL');
    over.abort();
    await Promise.all(senders);
    agent.destroy();
    // What was on its way when the process died is committed or rolled back soon.
    await delay(200);
    const { rows } = await pool.query(
      'SELECT count(DISTINCT message_id)::int AS found, count(*)::int AS rows FROM admin_center.event WHERE message_id = ANY ($1::uuid[])',
      [acknowledged.map((id) => messageDigest('default', id))],
    );
    counts.acknowledged += acknowledged.length;
    counts.lost += acknowledged.length - (rows[0]?.found ?? 0);
    counts.twice += (rows[0]?.rows ?? 0) - (rows[0]?.found ?? 0);
  }
  return counts;
}
