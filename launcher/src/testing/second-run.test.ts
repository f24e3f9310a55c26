// A file that fails beside others runs once more by itself: what passes then is told apart, what fails again has failed.
import { expect, jest, test } from '@jest/globals';
import { runParts, type Outcome } from './outcome.ts';
import { withSecondRun, type FileOutcomes } from './second-run.ts';

const passes = (passed: number): Outcome => ({ passed, failed: 0, skipped: 0 });
const fails = (detail: string, passed = 0): Outcome => ({ passed, failed: 1, skipped: 0, detail });
const twice = (first: Record<string, Outcome>, then: Record<string, Outcome>) => {
  const again = jest.fn((_files: readonly string[]): Promise<FileOutcomes> => Promise.resolve(new Map(Object.entries(then))));
  return { again, outcome: withSecondRun(new Map(Object.entries(first)), again) };
};

test('what passes by itself counts as passed, and says what it said at first', async () => {
  const { again, outcome } = twice({ 'a.ts': passes(3), 'b.ts': fails('it was late', 4) }, { 'b.ts': passes(5) });
  expect(await outcome).toMatchObject({ passed: 8, failed: 0, unsteady: ['it was late'] });
  expect(again.mock.calls).toEqual([[['b.ts']]]);
});

test('what fails again has failed, as it did at first', async () => {
  expect(await twice({ 'a.ts': passes(3), 'b.ts': fails('it is wrong', 4) }, { 'b.ts': fails('it is wrong', 4) }).outcome).toMatchObject({ passed: 7, failed: 1, detail: 'it is wrong', unsteady: [] });
});

test('a second run that has fewer tests proves nothing', async () => {
  for (const then of [{}, { 'b.ts': passes(4) }] as Record<string, Outcome>[]) {
    expect(await twice({ 'b.ts': fails('it is wrong', 4) }, then).outcome).toMatchObject({ passed: 4, failed: 1, unsteady: [] });
  }
});

test('nothing runs again when all passed, or when so much failed that it is no accident', async () => {
  const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((file) => [file, fails('all wrong')]));
  for (const [first, failed] of [[{ 'a.ts': passes(3) }, 0], [many, 4]] as const) {
    const { again, outcome } = twice(first, {});
    expect((await outcome).failed).toBe(failed);
    expect(again).not.toHaveBeenCalled();
  }
});

test('the summary shows it and is not a failure', async () => {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
  expect(await runParts([{ name: 'services', run: async () => ({ ...passes(8), unsteady: ['it was late'] }) }])).toBe(0);
  log.mockRestore();
  expect(lines.join('\n')).toMatch(/Passed only when run again by itself, to be mended:\n\nit was late/);
  expect(lines.at(-1)).toBe('8 passed, 0 failed, 0 skipped');
});
