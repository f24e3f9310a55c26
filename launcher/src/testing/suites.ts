// The slower parts of `npm test`: the services' tests, the plugin's own checks, the browser.
import { run } from '../process/command.ts';
import { inRoot, npmBin, root } from '../root.ts';
import { buildWhenChanged, pluginBuild, standaloneBuild } from '../stack/build.ts';
import { runEndToEnd } from './e2e-part.ts';
import { ES_MODULES, runJest } from './jest.ts';
import { failure, pass, type Outcome, type Part } from './outcome.ts';
import { runScaffold } from './scaffold-part.ts';

const plugin = inRoot('grafana-plugin');

async function check(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const { code, output } = await run(command, args, { cwd });
  return code === 0 ? pass : failure(output);
}

async function builds(): Promise<Outcome> {
  await buildWhenChanged(pluginBuild, () => undefined);
  await buildWhenChanged(standaloneBuild, () => undefined);
  return { ...pass, passed: 2 };
}

/** The browser's lane builds first: tests of npm start bring the product up too, and find both builds there. */
export const suites: readonly Part[] = [
  { name: 'builds', lane: 'browser', run: builds },
  { name: 'e2e', lane: 'browser', run: () => runEndToEnd() },
  { name: 'plugin-types', run: () => check(inRoot('grafana-plugin/node_modules/.bin/tsc'), ['--noEmit'], plugin) },
  { name: 'plugin-lint', run: () => check(process.execPath, ['--import', inRoot('launcher/src/testing/plugin-compiler.ts'), inRoot('node_modules/eslint/bin/eslint.js'), '--cache', '.'], plugin) },
  { name: 'plugin', run: () => runJest({ program: inRoot('grafana-plugin/node_modules/.bin/jest'), cwd: plugin, args: ['--maxWorkers', '2'] }) },
  { name: 'standalone-types', run: () => check(npmBin('tsc'), ['-p', 'standalone/tsconfig.json'], root) },
  { name: 'scaffold', run: runScaffold },
  { name: 'services', after: ['builds'], run: () => runJest({ program: npmBin('jest'), cwd: root, args: ['--maxWorkers', '2'], env: ES_MODULES }) },
];
