// Runs a workspace's jest and reads its counts from the JSON it writes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../process/command.ts';
import type { Outcome } from './outcome.ts';
import { type FileOutcomes, withSecondRun } from './second-run.ts';

interface FileResult {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

interface JestReport {
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly FileResult[];
}

export interface JestRun {
  /** The jest program: the root has another major version than the plugin. */
  readonly program: string;
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The services are ES modules; jest 30 loads them by Node's vm. */
export const ES_MODULES = { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' };

export const runJest = async (jest: JestRun): Promise<Outcome> =>
  withSecondRun(await runFiles(jest), (files) => runFiles({ ...jest, args: ['--runInBand', '--runTestsByPath', ...files] }));

/** @throws Error when jest ended without a report, or with a failure that is none of its tests */
async function runFiles({ program, cwd, args, env }: JestRun): Promise<FileOutcomes> {
  const folder = await mkdtemp(path.join(tmpdir(), 'admin-center-jest-'));
  const file = path.join(folder, 'report.json');
  try {
    const { code, output } = await run(program, [...args, '--json', `--outputFile=${file}`], { cwd, env: { ...env, CI: '1' } });
    const report = await readFile(file, 'utf8').then((text) => JSON.parse(text) as JestReport, () => null);
    if (report === null || (code !== 0 && report.numFailedTests + report.numRuntimeErrorTestSuites === 0)) {
      throw new Error(`jest ended with ${code} and ${report === null ? 'without a report' : 'no failed test'}.\n${output}`);
    }
    return new Map(report.testResults.map((result) => [result.name, outcomeOf(result, cwd)]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that does not load counts as one failed test. */
function outcomeOf({ name, status, message, assertionResults }: FileResult, cwd: string): Outcome {
  const skipped = assertionResults.filter((test) => test.status === 'pending' || test.status === 'todo');
  const failed = assertionResults.filter((test) => test.status === 'failed').length;
  return {
    passed: assertionResults.filter((test) => test.status === 'passed').length,
    failed: status === 'failed' ? Math.max(failed, 1) : failed,
    skipped: skipped.length,
    ...(status === 'failed' ? { detail: `${path.relative(cwd, name)}\n${message}` } : {}),
    skips: skipped.map(({ fullName }) => `${fullName} (${path.relative(cwd, name)})`),
  };
}
