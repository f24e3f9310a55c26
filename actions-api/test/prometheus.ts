// The real Prometheus on a folder of its own, where it is installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../database/testing/free-port.ts';
import { eventually } from './process.ts';

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param target `host:port` it scrapes every second; none when undefined */
export async function startPrometheus(target?: string): Promise<RunningPrometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'admin-center-prometheus-'));
  const address = `127.0.0.1:${await freePort()}`;
  const jobs = target === undefined ? '[]' : `[{ job_name: host, static_configs: [{ targets: ['${target}'] }] }]`;
  await writeFile(path.join(folder, 'prometheus.yml'), `global: { scrape_interval: 1s }\nscrape_configs: ${jobs}\n`);
  const child = spawn('prometheus', [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`, '--log.level=error'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const url = `http://${address}`;
  await eventually(() => fetch(`${url}/-/ready`).then(({ ok }) => ok, () => false), Boolean, 30_000);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
