// Runs files of node:test one after another and counts their tests; used for the browser tests.
import path from 'node:path';
import { run as runTests } from 'node:test';
import { inspect } from 'node:util';
import { root } from '../root.ts';
import { failure, pass, skip as skipTest, sumOf, type Outcome } from './outcome.ts';
import type { FileOutcomes } from './second-run.ts';

const nothing: Outcome = { passed: 0, failed: 0, skipped: 0 };

/**
 * Suites are only frames around tests; a file that does not load is a failed test.
 * @param env the variables of the files, beside those of this process
 */
export function runNodeTests(files: readonly string[], env: Readonly<Record<string, string>>, onTest: (line: string) => void): Promise<FileOutcomes> {
  return new Promise((resolve, reject) => {
    const outcomes = new Map<string, Outcome>();
    // Of a file that does not load the name alone is known.
    const fileOf = (name: string, file: string | undefined): string => path.resolve(root, file ?? name);
    const add = (file: string, outcome: Outcome): unknown => outcomes.set(file, sumOf([outcomes.get(file) ?? nothing, outcome]));
    const nameOf = (name: string, file: string | undefined): string => `${path.relative(root, file ?? '')}: ${name}`;
    const stream = runTests({ files: [...files], concurrency: 1, env: { ...process.env, ...env }, execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'] });
    stream.on('test:pass', ({ name, file, details: { type, duration_ms }, skip, todo }) => {
      if (type === 'suite') {
        return;
      }
      if (skip !== undefined || todo !== undefined) {
        add(fileOf(name, file), skipTest(`${nameOf(name, file)}${typeof skip === 'string' ? `: ${skip}` : ''}`));
      } else {
        add(fileOf(name, file), pass);
        onTest(`    ✓ ${nameOf(name, file)} (${(duration_ms / 1000).toFixed(1)} s)`);
      }
    });
    stream.on('test:fail', ({ name, file, details: { type, error } }) => {
      // A suite fails because a test in it did; it counts only when it failed by itself.
      if (type === 'suite' && 'failureType' in error && error.failureType === 'subtestsFailed') {
        return;
      }
      add(fileOf(name, file), failure(`${nameOf(name, file)}\n${inspect(error.cause ?? error, { depth: 3 })}\n`));
      onTest(`    ✗ ${nameOf(name, file)}`);
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(outcomes));
    stream.resume();
  });
}
