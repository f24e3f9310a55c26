// What a scrape costs: the exporter's finished page under five scrapers, beside a bare Node server of the same bytes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';

export const name = 'Scrape of /metrics, 5 scrapers';

const SCRAPERS = 5;
const SECONDS = 3;
const REPEATS = 5;
const KINDS = ['plain', 'exporter'] as const;

type Report = (row: Readonly<Record<string, string | number>>) => void;

export async function run(report: Report): Promise<void> {
  for (const series of [1_000, 10_000]) {
    const servers = await Promise.all(KINDS.map((kind) => serve(kind, series)));
    const measured = new Map<string, { p50: number[]; p99: number[] }>(KINDS.map((kind) => [kind, { p50: [], p99: [] }]));
    // In turns, so that whatever else the machine does meets both.
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      for (const { kind, port } of servers) {
        const latencies = (await Promise.all(Array.from({ length: SCRAPERS }, () => scrape(port)))).flat().sort((one, other) => one - other);
        measured.get(kind)?.p50.push(at(latencies, 0.5));
        measured.get(kind)?.p99.push(at(latencies, 0.99));
      }
    }
    servers.forEach(({ stop }) => stop());
    const [plain, exporter] = KINDS.map((kind) => ({ p50: median(measured.get(kind)?.p50 ?? []), p99: median(measured.get(kind)?.p99 ?? []) }));
    if (plain !== undefined && exporter !== undefined) {
      report({ series, 'plain p50 ms': plain.p50, 'exporter p50 ms': exporter.p50, 'p50 ratio': exporter.p50 / plain.p50, 'plain p99 ms': plain.p99, 'exporter p99 ms': exporter.p99, 'p99 ratio': exporter.p99 / plain.p99 });
    }
  }
}

async function serve(kind: string, series: number) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('serve.ts', import.meta.url)), kind, String(series)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { kind, port: Number(line.toString()), stop: () => child.kill() };
}

/** One scraper: one request after the other on a kept connection; milliseconds of each, to its last byte. */
async function scrape(port: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const latencies: number[] = [];
  for (const until = performance.now() + SECONDS * 1_000; performance.now() < until; ) {
    const begun = performance.now();
    await new Promise<void>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/metrics', agent }, (response) => response.on('data', () => undefined).on('end', resolve)).on('error', reject);
    });
    latencies.push(performance.now() - begun);
  }
  agent.destroy();
  return latencies;
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
const median = (values: readonly number[]): number => at([...values].sort((one, other) => one - other), 0.5);
