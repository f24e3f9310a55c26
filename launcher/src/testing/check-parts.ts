// The quick checks: types, lint, generated files, Prometheus rules. Each counts as one.
import { existsSync, readdirSync } from 'node:fs';
import { findProgram, run } from '../process/command.ts';
import { failure, pass, skip, type Outcome, type Part } from './outcome.ts';
import { inRoot, npmBin } from '../root.ts';

async function check(command: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  const { code, output } = await run(command, args, cwd === undefined ? {} : { cwd });
  return code === 0 ? pass : failure(output);
}

const filesIn = (folder: string, ending: string): string[] =>
  existsSync(inRoot(folder)) ? readdirSync(inRoot(folder)).filter((name) => name.endsWith(ending)).map((name) => inRoot(folder, name)) : [];

const sum = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((total, { passed }) => total + passed, 0),
  failed: outcomes.reduce((total, { failed }) => total + failed, 0),
  skipped: outcomes.reduce((total, { skipped }) => total + skipped, 0),
  detail: outcomes.flatMap(({ detail }) => detail ?? []).join('\n'),
});

/** `promtool check rules` on each rule file, and `promtool test rules` on each test file. */
async function rules(): Promise<Outcome> {
  const promtool = findProgram('promtool');
  if (promtool === null) {
    return skip('promtool is not installed; on Debian: apt-get install prometheus');
  }
  const outcomes: Outcome[] = [];
  for (const file of filesIn('provisioning/prometheus/rules', '.yml')) {
    outcomes.push(await check(promtool, ['check', 'rules', file]));
  }
  for (const file of filesIn('provisioning/prometheus/tests', '.test.yml')) {
    outcomes.push(await check(promtool, ['test', 'rules', file]));
  }
  return sum(outcomes);
}

export const checkParts: readonly Part[] = [
  { name: 'types', run: () => check(npmBin('tsc'), ['-p', 'tsconfig.json']) },
  { name: 'lint', run: () => check(npmBin('oxlint'), ['--deny-warnings']) },
  { name: 'rules', run: rules },
];
