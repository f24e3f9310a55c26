// The one-shot service `migrate` of docker-compose.yml: schema, roles and rights; the demo company where no DATABASE_URL is
// set; and the files the containers of Alertmanager and Prometheus read. The same steps as `npm start`, without processes.
import { roleUrl } from '@admin-center/database/roles';
import { readConfig } from '@admin-center/platform/config';
import { configSchema } from './prepare-config.ts';
import { explain, Problem } from './problem.ts';
import { migrateDatabase } from './stack/database.ts';
import { ensureDemoDatabase } from './stack/demo-database.ts';
import { ensureDemoKeys } from './stack/demo-keys.ts';
import { loadHistoryOnce } from './stack/history.ts';
import { createProgress } from './stack/progress.ts';
import { renderAlertmanager } from './stack/render.ts';

async function prepare(): Promise<void> {
  const config = readConfig(configSchema, process.env);
  const progress = createProgress();
  await renderAlertmanager(config, config.PREPARED_DIR);
  const databaseUrl = config.DATABASE_URL ?? (await demoDatabase(config.DEMO_SERVER_URL, { seed: config.DEMO_SEED, users: config.DEMO_USERS, days: config.DEMO_DAYS }));
  await migrateDatabase(databaseUrl, { exporter: config.EXPORTER_PASSWORD, api: config.API_PASSWORD }, progress);
  if (config.DATABASE_URL === undefined && config.DEMO_SERVER_KEY !== undefined && config.DEMO_CLIENT_KEY !== undefined) {
    await ensureDemoKeys(databaseUrl, { demoServerKey: config.DEMO_SERVER_KEY, demoClientKey: config.DEMO_CLIENT_KEY });
  }
  await loadHistoryOnce(config.HISTORY_DAYS, roleUrl(databaseUrl, 'exporter', config.EXPORTER_PASSWORD), 'promtool', config.PROMETHEUS_DIR, progress);

  async function demoDatabase(serverUrl: string | undefined, size: Parameters<typeof ensureDemoDatabase>[1]): Promise<string> {
    if (serverUrl === undefined) {
      throw new Problem("Set DATABASE_URL to the owner's URL of the host's database, or DEMO_SERVER_URL to a server for the demo company.");
    }
    return ensureDemoDatabase(serverUrl, size, progress);
  }
}

await prepare().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
