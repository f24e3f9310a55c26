// The quick checks: types, lint, generated files, Prometheus rules. Each counts as one.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { outdated } from '../generated.ts';
import { findProgram, run } from '../process/command.ts';
import { failure, pass, skip, sumOf, type Outcome, type Part } from './outcome.ts';
import { inRoot, npmBin } from '../root.ts';

async function check(command: string, args: readonly string[], cwd?: string): Promise<Outcome> {
  const { code, output } = await run(command, args, cwd === undefined ? {} : { cwd });
  return code === 0 ? pass : failure(output);
}

const filesIn = (folder: string, ending: string): string[] => readdirSync(inRoot(folder)).filter((name) => name.endsWith(ending)).map((name) => inRoot(folder, name));

async function generatedFiles(): Promise<Outcome> {
  const files = await outdated();
  return files.length === 0 ? pass : failure(`Not what "npm run generate" writes: ${files.map(([file]) => file).join(', ')}. Run it and commit.`);
}

/** `promtool check rules` on each rule file, and `promtool test rules` on each test file. */
async function rules(): Promise<Outcome> {
  const promtool = findProgram('promtool');
  if (promtool === null) {
    return skip('promtool is not installed; on Debian: apt-get install prometheus');
  }
  const outcomes: Outcome[] = [await check(promtool, ['check', 'config', inRoot('provisioning/prometheus/prometheus.yml')])];
  for (const file of filesIn('provisioning/prometheus/rules', '.yml')) {
    outcomes.push(await check(promtool, ['check', 'rules', file]));
  }
  for (const file of filesIn('provisioning/prometheus/tests', '.test.yml')) {
    outcomes.push(await check(promtool, ['test', 'rules', file]));
  }
  return sumOf(outcomes);
}

/** The configuration is valid, and each line of routes.test.yml reaches its receiver. */
async function alertRoutes(): Promise<Outcome> {
  const amtool = findProgram('amtool');
  if (amtool === null) {
    return skip('amtool is not installed; on Debian: apt-get install prometheus-alertmanager');
  }
  const file = inRoot('provisioning/alertmanager/alertmanager.yml');
  const cases = parse(readFileSync(inRoot('provisioning/alertmanager/routes.test.yml'), 'utf8')) as { labels: Record<string, string>; receiver: string }[];
  const outcomes = [await check(amtool, ['check-config', file])];
  for (const { labels, receiver } of cases) {
    const matchers = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    outcomes.push(await check(amtool, ['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=${receiver}`, ...matchers]));
  }
  return sumOf(outcomes);
}

export const checkParts: readonly Part[] = [
  { name: 'types', run: () => check(npmBin('tsc'), ['-p', 'tsconfig.json']) },
  { name: 'lint', run: () => check(npmBin('oxlint'), ['--deny-warnings']) },
  { name: 'generated', run: generatedFiles },
  { name: 'rules', run: rules },
  { name: 'alert-routes', run: alertRoutes },
];
