// `npm run backfill [-- --again] [-- --into <folder>]`: the past of DATABASE_URL (or of the demo) for Prometheus.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readLauncherConfig } from './config.ts';
import { explain, Problem } from './problem.ts';
import { loadCredentials } from './stack/credentials.ts';
import { prepareDatabase } from './stack/database.ts';
import { loadHistory } from './stack/history.ts';
import { createProgress } from './stack/progress.ts';
import { seriesFolder } from './stack/series.ts';
import { findTools } from './stack/tools.ts';

const HELP = `npm run backfill: computes HISTORY_DAYS days of the past from the database and puts them into Prometheus's folder.

  --into <folder>   the --storage.tsdb.path of your own Prometheus; default: the one npm start uses for this database
  --again           even if it was done before

A running Prometheus finds the new blocks within a few minutes. Its retention must reach back as far.`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { into: { type: 'string' }, again: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const config = readLauncherConfig(process.env);
  const progress = createProgress();
  const { promtool, missing } = await findTools(config, () => undefined);
  if (promtool === null) {
    throw new Problem(missing.join('\n'));
  }
  const database = await prepareDatabase(config, await loadCredentials(config.DATA_DIR), progress);
  try {
    const folder = values.into === undefined ? await seriesFolder(config, database) : path.resolve(values.into);
    if (values.again) {
      await rm(path.join(folder, 'admin-center-history.json'), { force: true });
    }
    await loadHistory(config.HISTORY_DAYS, database.exporterUrl, promtool, folder, progress);
  } finally {
    // A product that runs uses the same server; who started it ends it.
    if (!database.adopted) {
      await database.stop();
    }
  }
}

await main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
process.exit();
