// The runner of `npm test`: lanes run beside each other, parts wait for what they need, and the last line counts everything.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { failure, pass, runParts, selectParts, skip, type Outcome, type Part } from './outcome.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text));
});
afterEach(() => void jest.restoreAllMocks());

/** A part that notes when it begins and ends, and ends when it is told to. */
function held(name: string, notes: string[], more: Partial<Part> = {}): { part: Part; end: (outcome?: Outcome) => void } {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const run = async (): Promise<Outcome> => {
    notes.push(`${name} begins`);
    return promise.finally(() => notes.push(`${name} ends`));
  };
  return { part: { name, run, ...more }, end: (outcome = pass) => resolve(outcome) };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a lane runs its parts in order beside the other lane, and a part waits for those it names', async () => {
  const notes: string[] = [];
  const [builds, browser, types, services] = [held('builds', notes, { lane: 'browser' }), held('e2e', notes, { lane: 'browser' }), held('types', notes), held('services', notes, { after: ['builds'] })];
  const code = runParts([builds, browser, types, services].map(({ part }) => part));
  await settled();
  expect(notes).toEqual(['builds begins', 'types begins']);
  types.end();
  await settled();
  expect(notes.slice(2)).toEqual(['types ends']);
  builds.end();
  await settled();
  expect(notes.slice(3).toSorted()).toEqual(['builds ends', 'e2e begins', 'services begins']);
  browser.end();
  services.end();
  expect(await code).toBe(0);
  expect(lines.at(-1)).toBe('4 passed, 0 failed, 0 skipped');
});

test('the last line sums everything up, what failed is shown again, a skip names its reason, and a part that throws has failed', async () => {
  const parts: Part[] = [
    { name: 'fine', run: async () => ({ passed: 7, failed: 0, skipped: 0 }) },
    { name: 'wrong', lane: 'browser', run: async () => failure('this is why') },
    { name: 'left', run: async () => skip('there is no browser') },
    { name: 'broken', run: () => Promise.reject(new Error('it threw')) },
  ];
  expect(await runParts(parts)).toBe(1);
  expect(lines.at(-1)).toBe('7 passed, 2 failed, 1 skipped');
  expect(lines.join('\n')).toMatch(/skipped: there is no browser[\s\S]*Failed:[\s\S]*this is why/);
  expect(lines.join('\n')).toContain('it threw');
});

test('a part that needs one that was not asked for does not wait for it', async () => {
  const part: Part = { name: 'services', after: ['builds'], run: async () => pass };
  expect(await runParts(selectParts([{ name: 'builds', run: async () => pass }, part], ['services']))).toBe(0);
  expect(() => selectParts([part], ['serv'])).toThrow('There is no part named serv');
});
