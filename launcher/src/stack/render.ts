// Turns the provisioned files of Prometheus and Alertmanager into those of one running stack: its ports, its addresses.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { inRoot } from '../root.ts';

interface ScrapeJob {
  readonly job_name: string;
  readonly static_configs: { targets: string[]; labels?: Record<string, string> }[];
}

interface PrometheusFile {
  global: { scrape_interval: string; scrape_timeout: string; evaluation_interval: string };
  rule_files: string[];
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
  scrape_configs: ScrapeJob[];
}

export interface Targets {
  /** `host:port` by job name; a job that is not named is left out. */
  readonly jobs: Readonly<Record<string, string>>;
  /** Null when no Alertmanager runs. */
  readonly alertmanager: string | null;
  /** Such as `15s`. */
  readonly scrapeInterval: string;
}

/** @returns the path of the file written into `folder` */
export async function renderPrometheus(targets: Targets, folder: string): Promise<string> {
  const source = inRoot('provisioning/prometheus/prometheus.yml');
  const file = parse(await readFile(source, 'utf8')) as PrometheusFile;
  const seconds = Number.parseInt(targets.scrapeInterval, 10);
  file.global = { scrape_interval: targets.scrapeInterval, scrape_timeout: `${Math.min(seconds, 10)}s`, evaluation_interval: targets.scrapeInterval };
  file.rule_files = file.rule_files.map((pattern) => path.resolve(path.dirname(source), pattern));
  file.alerting.alertmanagers = targets.alertmanager === null ? [] : [{ static_configs: [{ targets: [targets.alertmanager] }] }];
  file.scrape_configs = file.scrape_configs.flatMap((job) => {
    const target = targets.jobs[job.job_name];
    return target === undefined ? [] : [{ ...job, static_configs: job.static_configs.map((group) => ({ ...group, targets: [target] })) }];
  });
  return write(folder, 'prometheus.yml', file);
}

export interface AlertAddresses {
  readonly ALERT_SMTP?: string | undefined;
  readonly ALERT_MAIL_FROM?: string | undefined;
  readonly ALERT_PAGE_MAIL?: string | undefined;
  readonly ALERT_TICKET_MAIL?: string | undefined;
  readonly ALERT_PAGE_WEBHOOK?: string | undefined;
  readonly ALERT_TICKET_WEBHOOK?: string | undefined;
}

interface Receiver {
  readonly name: 'page' | 'ticket';
  email_configs?: { to: string }[];
  webhook_configs?: { url: string }[];
}

interface AlertmanagerFile {
  global: Record<string, unknown>;
  receivers: Receiver[];
}

/** Fills in the addresses of pages and tickets; a way that has no address is taken out. */
export async function renderAlertmanager(addresses: AlertAddresses, folder: string): Promise<string> {
  const file = parse(await readFile(inRoot('provisioning/alertmanager/alertmanager.yml'), 'utf8')) as AlertmanagerFile;
  if (addresses.ALERT_SMTP === undefined) {
    file.global = {};
  } else {
    file.global = { ...file.global, smtp_smarthost: addresses.ALERT_SMTP, ...(addresses.ALERT_MAIL_FROM === undefined ? {} : { smtp_from: addresses.ALERT_MAIL_FROM }) };
  }
  file.receivers = file.receivers.map(({ name, email_configs = [], webhook_configs = [] }) => {
    const to = addresses.ALERT_SMTP === undefined ? undefined : name === 'page' ? addresses.ALERT_PAGE_MAIL : addresses.ALERT_TICKET_MAIL;
    const url = name === 'page' ? addresses.ALERT_PAGE_WEBHOOK : addresses.ALERT_TICKET_WEBHOOK;
    return {
      name,
      ...(to === undefined ? {} : { email_configs: email_configs.map((config) => ({ ...config, to })) }),
      ...(url === undefined ? {} : { webhook_configs: webhook_configs.map((config) => ({ ...config, url })) }),
    };
  });
  return write(folder, 'alertmanager.yml', file);
}

async function write(folder: string, name: string, content: unknown): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  await writeFile(file, `# Written at each start from provisioning/. Changes here are lost.\n${stringify(content)}`);
  return file;
}
