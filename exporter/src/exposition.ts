// The finished text that every scrape is served from, plain and compressed, swapped as one.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

export interface Page {
  readonly plain: Buffer;
  readonly gzip: Buffer;
}

export interface Exposition {
  /** Null until the first text was published. */
  current(): Page | null;
  /** Resolves when this text, or one published after it, is served. */
  publish(text: string): Promise<void>;
}

export function createExposition(): Exposition {
  let page: Page | null = null;
  let waiting: string | null = null;
  let swapping: Promise<void> | null = null;

  /** Compresses off the main thread; of texts that come meanwhile only the last is compressed. */
  async function swap(): Promise<void> {
    while (waiting !== null) {
      const plain = Buffer.from(waiting);
      waiting = null;
      page = { plain, gzip: await compress(plain) };
    }
    swapping = null;
  }

  return {
    current: () => page,
    publish: (text) => {
      waiting = text;
      swapping ??= swap();
      return swapping;
    },
  };
}
