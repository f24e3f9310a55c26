// The real Prometheus and promtool, where they are installed.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from '../../database/testing/free-port.ts';

const installed = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
export const hasPrometheus = installed('prometheus') && installed('promtool');

/** @throws Error with promtool's findings */
export function checkMetrics(text: string): void {
  execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
}

export interface RunningPrometheus {
  /** Result of an instant query: value by the labels that are asked for. */
  query(expression: string, at: Date): Promise<readonly { readonly metric: Record<string, string>; readonly value: number }[]>;
  stop(): Promise<void>;
}

/** On a data folder that has blocks already. @param target `host:port` it scrapes as job admin-exporter; none when undefined */
export async function startPrometheus(folder: string, target?: string): Promise<RunningPrometheus> {
  const port = await freePort();
  const config = path.join(folder, 'scratch.yml');
  const jobs = target === undefined ? '[]' : `[{job_name: admin-exporter, static_configs: [{targets: ['${target}'], labels: {instance: admin-center}}]}]`;
  await writeFile(config, `global: {scrape_interval: 1s}\nscrape_configs: ${jobs}\n`);
  const child = spawn('prometheus', [`--config.file=${config}`, `--storage.tsdb.path=${folder}`, '--storage.tsdb.retention.time=10y', `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => ((await fetch(`${url}/-/ready`).catch(() => null))?.ok === true ? true : null), 30_000);
  return {
    query: async (expression, at) => {
      const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expression, time: String(at.getTime() / 1_000) }) });
      const { data } = (await response.json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
