// Where Prometheus keeps the time series of this very database: another database has another past, and the two must never
// stand on one graph.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LauncherConfig } from '../config.ts';
import type { StackDatabase } from './database.ts';

/** @returns the folder; those of demo databases that are gone are removed */
export async function seriesFolder(config: LauncherConfig, database: StackDatabase): Promise<string> {
  const all = path.join(config.DATA_DIR, 'prometheus');
  await mkdir(path.join(all, database.identity), { recursive: true });
  if (database.demo) {
    const gone = (await readdir(all)).filter((name) => name.startsWith('demo-') && name !== database.identity);
    await Promise.all(gone.map((name) => rm(path.join(all, name), { recursive: true, force: true })));
  }
  return path.join(all, database.identity);
}
