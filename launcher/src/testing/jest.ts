// Runs a workspace's jest and reads its counts from the JSON it writes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../process/command.ts';
import { failure, type Outcome } from './outcome.ts';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
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

export async function runJest({ program, cwd, args, env }: JestRun): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'admin-center-jest-'));
  const file = path.join(folder, 'report.json');
  try {
    const { code, output } = await run(program, [...args, '--json', `--outputFile=${file}`], { cwd, env: { ...env, CI: '1' } });
    const report = await readFile(file, 'utf8').then((text) => JSON.parse(text) as JestReport, () => null);
    if (report === null) {
      return failure(`jest ended with ${code} and without a report.\n${output}`);
    }
    const suitesFailed = report.numRuntimeErrorTestSuites;
    const unexplained = code !== 0 && report.numFailedTests + suitesFailed === 0 ? 1 : 0;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + suitesFailed + unexplained,
      skipped: report.numPendingTests + report.numTodoTests,
      detail: unexplained === 1 ? output : report.testResults.filter(({ status }) => status === 'failed').map(({ message }) => message).join('\n'),
      skips: report.testResults.flatMap(({ name, assertionResults }) =>
        assertionResults.filter(({ status }) => status === 'pending' || status === 'todo').map(({ fullName }) => `${fullName} (${path.relative(cwd, name)})`),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
