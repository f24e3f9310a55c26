// What failed beside everything else runs once more, by itself, so that a busy machine does not refuse a change. What passes
// only then is shown with what it said the first time: a fault to mend, of the test or of what it tests.
import { sumOf, type Outcome } from './outcome.ts';

/** What each file of tests found. */
export type FileOutcomes = ReadonlyMap<string, Outcome>;

/** More files than this do not fail by accident. */
const FILES_AT_MOST = 3;

/** @param again runs these files alone */
export async function withSecondRun(first: FileOutcomes, again: (files: readonly string[]) => Promise<FileOutcomes>): Promise<Outcome> {
  const failed = [...first].filter(([, outcome]) => outcome.failed > 0).map(([file]) => file);
  if (failed.length === 0 || failed.length > FILES_AT_MOST) {
    return sumOf([...first.values()]);
  }
  const second = await again(failed);
  return sumOf([...first].map(([file, outcome]) => {
    const then = second.get(file);
    const passes = then !== undefined && then.failed === 0 && then.passed >= outcome.passed + outcome.failed;
    return passes && outcome.failed > 0 ? { ...then, unsteady: [outcome.detail ?? file] } : outcome;
  }));
}
