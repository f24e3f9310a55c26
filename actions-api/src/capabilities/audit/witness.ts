// A witness outside the database: an append-only file of the heads that the chain once had. Whoever rewrites the whole
// chain, checkpoint included, still contradicts it. Replicas share the file, or each keeps its own and sees less.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '@admin-center/platform/clock';

const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('head'), sequence: z.number().int(), hash: z.string(), at: z.string() }),
  z.object({ kind: z.literal('acknowledged'), problems: z.array(z.string()), at: z.string() }),
]);
type Line = z.output<typeof line>;

export interface Testimony {
  /** Hashes seen at a sequence number since the last acknowledgement; more than one is a contradiction in itself. */
  readonly heads: ReadonlyMap<number, ReadonlySet<string>>;
  /** The highest sequence number among them; 0 for none. */
  readonly newest: number;
  /** Fingerprints of problems that a person has looked into. */
  readonly acknowledged: ReadonlySet<string>;
}

export interface Witness {
  /** Notes a head that was committed; the same head twice is noted once. */
  note(sequence: number, hash: string): Promise<void>;
  /** From here on the chain is taken as it is, and these problems are known. */
  acknowledge(problems: readonly string[]): Promise<void>;
  read(): Promise<Testimony>;
}

export function createWitness(file: string, clock: Clock): Witness {
  let lastNoted = '';
  const append = async (entry: Line): Promise<void> => {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    // One small write in append mode: lines of several processes do not mix.
    await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600, flush: true });
  };
  return {
    async note(sequence, hash) {
      const head = `${sequence} ${hash}`;
      if (head !== lastNoted) {
        await append({ kind: 'head', sequence, hash, at: clock().toISOString() });
        lastNoted = head;
      }
    },
    acknowledge: (problems) => append({ kind: 'acknowledged', problems: [...problems], at: clock().toISOString() }),
    async read() {
      const heads = new Map<number, Set<string>>();
      const acknowledged = new Set<string>();
      let newest = 0;
      for (const entry of parse(await readIfThere(file))) {
        if (entry.kind === 'acknowledged') {
          heads.clear();
          newest = 0;
          entry.problems.forEach((problem) => acknowledged.add(problem));
        } else {
          heads.set(entry.sequence, (heads.get(entry.sequence) ?? new Set()).add(entry.hash));
          newest = Math.max(newest, entry.sequence);
        }
      }
      return { heads, newest, acknowledged };
    },
  };
}

const readIfThere = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '';
    }
    throw error;
  });

/** A last line that a crash cut off says nothing; it is left out. */
function parse(text: string): Line[] {
  return text.split('\n').flatMap((row) => {
    try {
      const parsed = line.safeParse(JSON.parse(row));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
