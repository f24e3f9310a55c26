// Prometheus and Alertmanager as child processes, on files rendered from provisioning/.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LauncherConfig } from '../config.ts';
import { renderAlertmanager, renderPrometheus } from './render.ts';
import type { Service } from './services.ts';

/** Longer than any panel looks back, and than the backfilled past. */
const RETENTION = '400d';

const POLL_MS = 200;
/** A scrape comes within one interval; pages are no reason to keep a person waiting for much longer. */
const FIRST_SCRAPE_MS = 30_000;

const local = (port: number): string => `127.0.0.1:${port}`;

/** @param folder the time series of this very database */
export async function prometheusService(config: LauncherConfig, program: string, folder: string, { alertmanager, demoHost }: { readonly alertmanager: boolean; readonly demoHost: boolean }): Promise<Service> {
  const file = await renderPrometheus(
    {
      jobs: {
        'admin-exporter': local(config.EXPORTER_PORT),
        'admin-exporter-telemetry': local(config.EXPORTER_TELEMETRY_PORT),
        'admin-actions-api': local(config.API_TELEMETRY_PORT),
        ...(demoHost ? { 'demo-host': local(config.DEMO_HOST_PORT) } : {}),
        prometheus: local(config.PROMETHEUS_PORT),
        ...(alertmanager ? { alertmanager: local(config.ALERTMANAGER_PORT) } : {}),
      },
      alertmanager: alertmanager ? local(config.ALERTMANAGER_PORT) : null,
      scrapeInterval: config.SCRAPE_INTERVAL,
    },
    path.join(config.DATA_DIR, 'rendered'),
  );
  return {
    spec: {
      name: 'prometheus',
      program: { command: program },
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${folder}`,
        `--storage.tsdb.retention.time=${RETENTION}`,
        `--web.listen-address=${local(config.PROMETHEUS_PORT)}`,
        '--log.level=info',
      ],
      env: {},
    },
    readyUrl: `http://${local(config.PROMETHEUS_PORT)}/-/ready`,
  };
}

export async function alertmanagerService(config: LauncherConfig, program: string): Promise<Service> {
  const file = await renderAlertmanager(config, path.join(config.DATA_DIR, 'rendered'));
  return {
    spec: {
      name: 'alertmanager',
      program: { command: program },
      args: [
        `--config.file=${file}`,
        `--storage.path=${path.join(config.DATA_DIR, 'alertmanager')}`,
        `--web.listen-address=${local(config.ALERTMANAGER_PORT)}`,
        // One instance: no gossip, no second port.
        '--cluster.listen-address=',
      ],
      env: {},
    },
    readyUrl: `http://${local(config.ALERTMANAGER_PORT)}/-/ready`,
  };
}

/**
 * Waits until Prometheus has asked the exporter once, so that the first page a person opens shows numbers.
 * @returns false when it has not within half a minute; its targets page says why
 */
export async function exporterScraped(config: LauncherConfig, signal?: AbortSignal): Promise<boolean> {
  const since = Date.now() / 1000;
  const query = new URLSearchParams({ query: `timestamp(up{job="admin-exporter"} == 1) > ${since}` });
  for (const deadline = Date.now() + FIRST_SCRAPE_MS; Date.now() < deadline; await delay(POLL_MS)) {
    signal?.throwIfAborted();
    const answer = await fetch(`http://${local(config.PROMETHEUS_PORT)}/api/v1/query?${query}`, { signal: AbortSignal.timeout(2_000) })
      .then((response) => response.json() as Promise<{ data?: { result?: unknown[] } }>)
      .catch(() => null);
    if ((answer?.data?.result?.length ?? 0) > 0) {
      return true;
    }
  }
  return false;
}
