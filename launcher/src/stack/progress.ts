// Tells the person at the terminal what happens: one line per step with its time, and a sign of life from long ones.

export interface Progress {
  /** Runs one step; `detail` is shown while it runs, the text it resolves to stands behind its name. */
  step<T>(name: string, work: (detail: (text: string) => void) => Promise<T>, summary?: (result: T) => string): Promise<T>;
  say(line: string): void;
}

const SLOW_MS = 1_500;
const DETAIL_MS = 3_000;

export function createProgress(write: (line: string) => void = console.log): Progress {
  return {
    say: write,
    async step(name, work, summary) {
      const begun = performance.now();
      const time = (): string => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
      const slow = setTimeout(() => write(`… ${name}`), SLOW_MS);
      let told = begun;
      const detail = (text: string): void => {
        if (performance.now() - told > DETAIL_MS) {
          told = performance.now();
          write(`    ${name}: ${text}`);
        }
      };
      try {
        const result = await work(detail);
        write(`✓ ${(summary === undefined ? name : `${name}: ${summary(result)}`).padEnd(70)} ${time().padStart(7)}`);
        return result;
      } catch (error) {
        write(`✗ ${name.padEnd(70)} ${time().padStart(7)}`);
        throw error;
      } finally {
        clearTimeout(slow);
      }
    },
  };
}

/** For scratch stacks in tests: keeps the lines instead of printing them. */
export function silentProgress(): Progress & { readonly lines: string[] } {
  const lines: string[] = [];
  return { ...createProgress((line) => lines.push(line)), lines };
}
