// The end-to-end part: a whole stack, and every */e2e/*.e2e.ts against it in a real browser.
import { globSync } from 'node:fs';
import { inRoot } from '../root.ts';
import { silentProgress, type Progress } from '../stack/progress.ts';
import { failure, skip, type Outcome } from './outcome.ts';
import { runNodeTests } from './node-tests.ts';
import { provideBrowser } from './provide-tools.ts';
import { withSecondRun } from './second-run.ts';
import { startScratchStack, stackEnvironment } from './scratch-stack.ts';

/** Spends minutes waiting for a ramp to hold its steps and touches one flag that nothing else touches: it runs beside the others. */
const WAITS = 'guarded-rollout';

async function runBrowserTests(files: readonly string[], env: Readonly<Record<string, string>>, onTest: (line: string) => void): Promise<Outcome> {
  const [waiting, others] = [files.filter((file) => file.includes(WAITS)), files.filter((file) => !file.includes(WAITS))];
  const found = await Promise.all([waiting, others].filter(({ length }) => length > 0).map((some) => runNodeTests(some, env, onTest)));
  return withSecondRun(new Map(found.flatMap((outcomes) => [...outcomes])), (some) => runNodeTests(some, env, onTest));
}

/**
 * With BASE_URL set the tests run against what is there, as their other variables say; else against a scratch stack.
 * @param names parts of file names; all when empty
 */
export async function runEndToEnd(names: readonly string[] = [], progress: Progress = silentProgress(), onTest: (line: string) => void = () => undefined): Promise<Outcome> {
  const files = globSync('*/e2e/*.e2e.ts', { cwd: inRoot() })
    .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
    .toSorted()
    .map((file) => inRoot(file));
  if (files.length === 0) {
    return failure(`no file */e2e/*.e2e.ts matches ${names.join(', ')}`);
  }
  const browser = await provideBrowser();
  if (browser.program === null) {
    return skip(browser.reason);
  }
  const CHROMIUM = browser.program;
  if (process.env['BASE_URL'] !== undefined) {
    return runBrowserTests(files, { CHROMIUM }, onTest);
  }
  const stack = await startScratchStack(progress);
  try {
    return await runBrowserTests(files, { ...stackEnvironment(stack), CHROMIUM }, onTest);
  } finally {
    await stack.stop();
  }
}
