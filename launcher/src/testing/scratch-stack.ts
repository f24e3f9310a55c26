// A whole stack of its own for end-to-end tests: free ports, a data directory that is removed, a smaller demo company.
import { rm } from 'node:fs/promises';
import { scratchFolder } from '../../../database/testing/scratch.ts';
import { readLauncherConfig, type LauncherConfig } from '../config.ts';
import type { Progress } from '../stack/progress.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { scratchPorts } from './started.ts';

/** Big enough that every page has something in every panel, small enough to load in seconds. */
const SMALL = { DEMO_USERS: '4000', DEMO_DAYS: '120', HISTORY_DAYS: '120', SIMULATOR: 'false', SCRAPE_INTERVAL: '2s' };

export interface ScratchStack extends Stack {
  readonly config: LauncherConfig;
}

/** Variables of the environment still win, e.g. DEMO_USERS=20000 npm run e2e. */
export async function startScratchStack(progress: Progress, given: Readonly<Record<string, string>> = {}): Promise<ScratchStack> {
  const dataDir = await scratchFolder();
  const ports = await scratchPorts();
  const { DATABASE_URL: _hostDatabase, PUBLIC_URL: _publicUrl, ...environment } = process.env;
  const config = readLauncherConfig({ ...SMALL, ...environment, ...ports, DATA_DIR: dataDir, ...given });
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack(config, progress);
    return { ...stack, config, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What a test needs to reach the stack, as environment variables. */
export function stackEnvironment({ config, database, credentials }: ScratchStack): Record<string, string> {
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    BASE_URL: config.PUBLIC_URL,
    ACTIONS_API_URL: local(config.API_PORT),
    ACTIONS_API_TOKEN: credentials.actionsApiToken,
    EXPORTER_URL: local(config.EXPORTER_PORT),
    PROMETHEUS_URL: local(config.PROMETHEUS_PORT),
    ALERTMANAGER_URL: local(config.ALERTMANAGER_PORT),
    DEMO_HOST_URL: local(config.DEMO_HOST_PORT),
    DATABASE_URL: database.ownerUrl,
    DATA_DIR: config.DATA_DIR,
  };
}
