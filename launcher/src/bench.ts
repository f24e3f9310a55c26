// `npm run bench [part of a file name…]`: runs every */bench/*.bench.ts, prints what it reports and keeps it in .data/bench.json.
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readLauncherConfig } from './config.ts';
import { inRoot } from './root.ts';

/** One line of a benchmark's table: what was measured under which conditions. */
export type BenchRow = Readonly<Record<string, string | number>>;

/** What a benchmark file exports. It brings up what it needs, reports rows, and cleans up. */
export interface Bench {
  readonly name: string;
  run(report: (row: BenchRow) => void): Promise<void>;
}

const wanted = process.argv.slice(2);
const files = globSync('*/bench/*.bench.ts', { cwd: inRoot() })
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .toSorted();

const results: Record<string, BenchRow[]> = {};
let failed = files.length === 0;
for (const file of files) {
  const bench = (await import(pathToFileURL(inRoot(file)).href)) as Bench;
  console.log(`\n${bench.name} (${file})`);
  const rows: BenchRow[] = [];
  results[bench.name] = rows;
  const begun = performance.now();
  await bench
    .run((row) => {
      rows.push(row);
      console.log(`  ${Object.entries(row).map(([key, value]) => `${key}: ${typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : value}`).join('   ')}`);
    })
    .catch((error: unknown) => {
      failed = true;
      console.error(error);
    });
  console.log(`  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  console.table(rows);
}

const { DATA_DIR } = readLauncherConfig(process.env);
await mkdir(DATA_DIR, { recursive: true });
const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
await writeFile(path.join(DATA_DIR, 'bench.json'), `${JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2)}\n`);
console.log(files.length === 0 ? `No file */bench/*.bench.ts matches ${wanted.join(', ')}.` : `\nKept in ${path.join(DATA_DIR, 'bench.json')}.`);
process.exit(failed ? 1 : 0);
