// What a part of `npm test` found, printed as it happens and summed into the last line.
import { Problem } from '../problem.ts';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Shown again at the end when something failed. */
  readonly detail?: string;
  /** Why something was skipped; a skip without a reason is a failure of the part. */
  readonly skips?: readonly string[];
  /** What failed at first and passed when run again by itself, with what it said. */
  readonly unsteady?: readonly string[];
}

/** One step of `npm test` or `npm run check`, known by its name on the command line. */
export interface Part {
  readonly name: string;
  /** Parts of one lane run one after another, lanes beside each other: what mostly waits does so beside what computes. */
  readonly lane?: 'browser';
  /** Parts that must have ended before, where they are to run at all. */
  readonly after?: readonly string[];
  run(): Promise<Outcome>;
}

export const pass: Outcome = { passed: 1, failed: 0, skipped: 0 };
export const failure = (detail: string): Outcome => ({ passed: 0, failed: 1, skipped: 0, detail });
export const skip = (reason: string): Outcome => ({ passed: 0, failed: 0, skipped: 1, skips: [reason] });

/** Several outcomes as one, with what each said. */
export const sumOf = (outcomes: readonly Outcome[]): Outcome => ({
  passed: outcomes.reduce((total, { passed }) => total + passed, 0),
  failed: outcomes.reduce((total, { failed }) => total + failed, 0),
  skipped: outcomes.reduce((total, { skipped }) => total + skipped, 0),
  detail: outcomes.flatMap(({ detail }) => detail ?? []).join('\n'),
  skips: outcomes.flatMap(({ skips }) => skips ?? []),
  unsteady: outcomes.flatMap(({ unsteady }) => unsteady ?? []),
});

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function describe(outcome: Outcome): string {
  const counts = outcome.passed + outcome.failed + outcome.skipped === 1 ? '' : ` · ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
  return `${counts}${(outcome.skips ?? []).map((reason) => `\n    skipped: ${reason}`).join('')}`;
}

async function runPart(part: Part): Promise<Outcome> {
  try {
    return await part.run();
  } catch (error) {
    return failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** Runs the parts, lanes beside each other, and ends with one line `N passed, N failed, N skipped`. Resolves to the exit code. */
export async function runParts(parts: readonly Part[]): Promise<number> {
  const begun = performance.now();
  const failures: string[] = [];
  const ended = new Map<string, Promise<Outcome>>();
  const lanes = new Map<string | undefined, Promise<unknown>>();
  const report = async (part: Part, before: readonly (Promise<unknown> | undefined)[]): Promise<Outcome> => {
    await Promise.all(before);
    const partBegun = performance.now();
    const outcome = await runPart(part);
    const sign = outcome.failed > 0 ? '✗' : outcome.passed > 0 ? '✓' : '-';
    console.log(`${sign} ${part.name.padEnd(16)} ${seconds(partBegun).padStart(7)}${describe(outcome)}`);
    if (outcome.failed > 0) {
      failures.push(`── ${part.name} ──\n${(outcome.detail ?? 'failed without a message').trim()}`);
    }
    return outcome;
  };
  for (const part of parts) {
    const running = report(part, [lanes.get(part.lane), ...(part.after ?? []).map((name) => ended.get(name))]);
    ended.set(part.name, running);
    lanes.set(part.lane, running);
  }
  const sum = sumOf(await Promise.all(ended.values()));
  if (sum.unsteady !== undefined && sum.unsteady.length > 0) {
    console.log(`\nPassed only when run again by itself, to be mended:\n\n${sum.unsteady.map((detail) => detail.trim()).join('\n\n')}`);
  }
  if (failures.length > 0) {
    console.log(`\nFailed:\n\n${failures.join('\n\n')}`);
  }
  console.log(`\n${parts.length} parts in ${seconds(begun)}`);
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

/** Keeps the parts whose name, or the part of it before a hyphen, was asked for; all when nothing was. */
export function selectParts(parts: readonly Part[], wanted: readonly string[]): readonly Part[] {
  const unknown = wanted.filter((name) => !parts.some((part) => part.name === name || part.name.startsWith(`${name}-`)));
  if (unknown.length > 0) {
    throw new Problem(`There is no part named ${unknown.join(', ')}. There are: ${parts.map((part) => part.name).join(', ')}.`);
  }
  return wanted.length === 0 ? parts : parts.filter((part) => wanted.some((name) => part.name === name || part.name.startsWith(`${name}-`)));
}
