// Sends requests over so many connections, each the next one as soon as the last is answered.
import { Agent } from 'node:http';
import { post, type Target } from '../test/post.ts';

export interface Load {
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p99: number;
}

/** @param next null: no more */
export async function load(target: Target, connections: number, next: () => Buffer | null, onAnswer: (body: Buffer, status: number) => void = () => undefined): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const statuses: Record<string, number> = {};
  const times: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = next(); body !== null; body = next()) {
        const sentAt = performance.now();
        const status = await post(target, agent, body);
        times.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        onAnswer(body, status);
      }
    }),
  );
  agent.destroy();
  times.sort((a, b) => a - b);
  return { seconds: (performance.now() - startedAt) / 1_000, statuses, p50: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

export function each(bodies: readonly Buffer[]): () => Buffer | null {
  let index = 0;
  return () => bodies[index++] ?? null;
}
