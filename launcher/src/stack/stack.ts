// Brings the whole product up and down. `npm start`, the end-to-end tests and the benchmarks all use this, with their own
// ports and data directory.
import path from 'node:path';
import type { LauncherConfig } from '../config.ts';
import { requirePorts, type PortUse } from '../process/ports.ts';
import { waitUntilReady } from '../process/ready.ts';
import { claimRun } from '../process/run-state.ts';
import { supervise, type Supervised } from '../process/supervise.ts';
import type { ChildSpec } from '../process/child.ts';
import { writeAdminsFile, type Person } from './admins.ts';
import { buildWhenChanged, pluginBuild, standaloneBuild, type Build } from './build.ts';
import { loadCredentials, type Credentials } from './credentials.ts';
import { prepareDatabase, type StackDatabase } from './database.ts';
import { ensureDemoKeys } from './demo-keys.ts';
import { alertmanagerService, exporterScraped, prometheusService } from './monitoring.ts';
import type { Progress } from './progress.ts';
import { loadHistoryOnce } from './history.ts';
import { seriesFolder } from './series.ts';
import { actionsApiService, demoHostService, exporterService, simulatorService, standaloneService, type Service, type Surroundings } from './services.ts';
import { findTools, type Tools } from './tools.ts';

export interface Stack {
  readonly database: StackDatabase;
  readonly credentials: Credentials;
  readonly people: readonly Person[];
  readonly tools: Tools;
  /** The part's process of the moment, for tests that end it. */
  pid(name: string): number | undefined;
  /** Ends every part, the ones that use others first. Safe to call more than once. */
  stop(): Promise<void>;
}

/** @param signal aborts a start that is under way; what already runs is ended */
export async function startStack(config: LauncherConfig, progress: Progress, signal?: AbortSignal): Promise<Stack> {
  const run = await claimRun(config.DATA_DIR, config.PUBLIC_URL, (name) => progress.say(`Ended ${name}, left behind by a start that was killed`));
  const parts: Supervised[] = [];
  let database: StackDatabase | null = null;
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopped ??= stopAll(parts, () => database).finally(() => run.release());
    return stopped;
  };
  // The first part that cannot start ends the waiting for all others.
  const failing = new AbortController();
  const aborted = AbortSignal.any(signal === undefined ? [failing.signal] : [failing.signal, signal]);
  const goOn = (): void => aborted.throwIfAborted();
  const launch = (spec: ChildSpec): Supervised => {
    goOn();
    const part = supervise(spec, config.DATA_DIR, { started: run.started, ended: run.ended, say: progress.say });
    parts.push(part);
    return part;
  };
  const launchService: LaunchService = ({ spec, readyUrl }, label) =>
    progress.step(label, async () => {
      const part = launch(spec);
      await waitUntilReady({ name: spec.name, child: part.child, url: readyUrl, dataDir: config.DATA_DIR, signal: aborted });
    });

  try {
    await requirePorts(portUses(config));
    const credentials = await loadCredentials(config.DATA_DIR);
    // Each part starts as soon as what it needs is there; only the web interface waits for the builds.
    const built = Promise.all([build('Plugin', pluginBuild, progress, aborted), build('Web shell', standaloneBuild, progress, aborted)]);
    const prepared = Promise.all([
      prepareDatabase(config, credentials, progress, aborted).then((ready) => {
        database = ready;
        return ready.demo ? ensureDemoKeys(ready.ownerUrl, credentials).then(() => ready) : ready;
      }),
      findTools(config, () => undefined),
    ]).then(async ([ready, tools]) => ({ ready, tools, people: await writeAdminsFile(config.DATA_DIR, ready) }));
    const serving = prepared.then(({ ready, tools }) => {
      tools.missing.forEach((line) => progress.say(`! ${line}`));
      const demoHost = ready.demo && config.DEMO_HOST;
      const surroundings: Surroundings = {
        demoHost,
        exporterUrl: ready.exporterUrl,
        apiUrl: ready.apiUrl,
        witnessFile: path.join(config.DATA_DIR, 'audit-witness', `${ready.identity}.jsonl`),
        prometheus: tools.prometheus !== null,
        alertmanager: tools.alertmanager !== null,
      };
      return Promise.all([
        launchService(exporterService(config, surroundings), `Exporter on port ${config.EXPORTER_PORT}`),
        launchService(actionsApiService(config, credentials, surroundings), `Actions API on port ${config.API_PORT}`).then(async () => {
          if (demoHost) {
            await launchService(demoHostService(config, credentials, ready.ownerUrl), `Demo host on port ${config.DEMO_HOST_PORT}`);
          }
        }),
        startMonitoring(config, ready, tools, progress, launchService),
      ]);
    });
    const showing = Promise.all([prepared, built]).then(() => launchService(standaloneService(config, credentials), `Web interface on port ${config.UI_PORT}`));
    const [{ ready, tools, people }] = await allOrNone(failing, prepared, built, serving, showing);
    if (tools.prometheus !== null && !(await progress.step('First numbers in Prometheus', () => exporterScraped(config, aborted)))) {
      progress.say(`! Prometheus has no numbers of the exporter yet; http://127.0.0.1:${config.PROMETHEUS_PORT}/targets says why.`);
    }
    if (ready.demo && config.SIMULATOR) {
      launch(simulatorService(config, credentials, ready.ownerUrl));
    }
    goOn();
    return { database: ready, credentials, people, tools, pid: (name) => parts.find((part) => part.name === name)?.child().pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The ports of this configuration, each with the variable that changes it. */
export function portUses(config: LauncherConfig): readonly PortUse[] {
  return [
    { part: 'web interface', port: config.UI_PORT, variable: 'UI_PORT' },
    { part: 'actions API', port: config.API_PORT, variable: 'API_PORT' },
    { part: "actions API's own metrics", port: config.API_TELEMETRY_PORT, variable: 'API_TELEMETRY_PORT' },
    { part: 'exporter', port: config.EXPORTER_PORT, variable: 'EXPORTER_PORT' },
    { part: "exporter's own metrics", port: config.EXPORTER_TELEMETRY_PORT, variable: 'EXPORTER_TELEMETRY_PORT' },
    { part: 'Prometheus', port: config.PROMETHEUS_PORT, variable: 'PROMETHEUS_PORT' },
    { part: 'Alertmanager', port: config.ALERTMANAGER_PORT, variable: 'ALERTMANAGER_PORT' },
    ...(config.DATABASE_URL === undefined && config.DEMO_HOST ? [{ part: 'demo host', port: config.DEMO_HOST_PORT, variable: 'DEMO_HOST_PORT' }] : []),
  ];
}

type LaunchService = (service: Service, label: string) => Promise<void>;

async function startMonitoring(
  config: LauncherConfig,
  database: StackDatabase,
  tools: Tools,
  progress: Progress,
  launchService: LaunchService,
): Promise<void> {
  const startAlertmanager = async (program: string): Promise<void> =>
    launchService(await alertmanagerService(config, program), `Alertmanager on port ${config.ALERTMANAGER_PORT}`);
  const startPrometheus = async (program: string): Promise<void> => {
    const folder = await seriesFolder(config, database);
    await loadHistoryOnce(config.HISTORY_DAYS, database.exporterUrl, tools.promtool, folder, progress);
    await launchService(await prometheusService(config, program, folder, { alertmanager: tools.alertmanager !== null, demoHost: database.demo && config.DEMO_HOST }), `Prometheus on port ${config.PROMETHEUS_PORT}`);
  };
  await Promise.all([tools.alertmanager === null ? null : startAlertmanager(tools.alertmanager), tools.prometheus === null ? null : startPrometheus(tools.prometheus)]);
}

function build(label: string, what: Build, progress: Progress, signal?: AbortSignal): Promise<boolean> {
  return progress.step(
    label,
    (detail) => buildWhenChanged(what, detail, signal),
    (built) => (built ? 'built' : 'unchanged since the last build'),
  );
}

/** Waits for all, so that nothing starts behind the back of `stop`; the first failure aborts the others and is thrown. */
async function allOrNone<T extends readonly Promise<unknown>[]>(failing: AbortController, ...work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  for (const one of work) {
    one.catch((error: unknown) => failing.abort(error));
  }
  await Promise.allSettled(work);
  if (failing.signal.aborted) {
    throw failing.signal.reason;
  }
  return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

/** The simulator and the interface first, then what they use, the database last. */
async function stopAll(parts: readonly Supervised[], database: () => StackDatabase | null): Promise<void> {
  const order = [['simulator', 'demo-host', 'standalone'], ['actions-api', 'exporter'], ['prometheus', 'alertmanager']];
  for (const names of order) {
    await Promise.all(parts.filter(({ name }) => names.includes(name)).map((part) => part.stop()));
  }
  await database()?.stop();
}
