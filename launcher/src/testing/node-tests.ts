// Runs files of node:test one after another and counts their tests; used for the browser tests.
import path from 'node:path';
import { run as runTests } from 'node:test';
import { inspect } from 'node:util';
import { root } from '../root.ts';
import type { Outcome } from './outcome.ts';

/**
 * Suites are only frames around tests; a file that does not load is a failed test.
 * @param env the variables of the files, beside those of this process
 */
export function runNodeTests(files: readonly string[], env: Readonly<Record<string, string>>, onTest: (line: string) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const details: string[] = [];
    const skips: string[] = [];
    const nameOf = (name: string, file: string | undefined): string => `${path.relative(root, file ?? '')}: ${name}`;
    const stream = runTests({ files: [...files], concurrency: 1, env: { ...process.env, ...env }, execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'] });
    stream.on('test:pass', ({ name, file, details: { type, duration_ms }, skip, todo }) => {
      if (type === 'suite') {
        return;
      }
      if (skip !== undefined || todo !== undefined) {
        counts.skipped += 1;
        skips.push(`${nameOf(name, file)}${typeof skip === 'string' ? `: ${skip}` : ''}`);
      } else {
        counts.passed += 1;
        onTest(`    ✓ ${nameOf(name, file)} (${(duration_ms / 1000).toFixed(1)} s)`);
      }
    });
    stream.on('test:fail', ({ name, file, details: { type, error } }) => {
      // A suite fails because a test in it did; it counts only when it failed by itself.
      if (type === 'suite' && 'failureType' in error && error.failureType === 'subtestsFailed') {
        return;
      }
      counts.failed += 1;
      details.push(`${nameOf(name, file)}\n${inspect(error.cause ?? error, { depth: 3 })}`);
      onTest(`    ✗ ${nameOf(name, file)}`);
    });
    stream.on('error', reject);
    stream.on('end', () => resolve({ ...counts, skips, detail: details.join('\n\n') }));
    stream.resume();
  });
}
