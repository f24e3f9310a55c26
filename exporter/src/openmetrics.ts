// Writes samples of the past as OpenMetrics text, one file per block of Prometheus: promtool reads a whole file once for
// every block in it, so a file per block is read once.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

/** The longest block promtool makes for --max-block-duration=720h: blocks are 2 h times a power of 3, aligned to 1970. */
export const BLOCK_MS = 486 * 3_600_000;
const BUFFERED_CHARACTERS = 1_000_000;

export interface BlockFiles {
  /** Of one series the samples must come in the order of time. @param series `name{label="value",…}` */
  write(at: Date, series: string, value: number): void;
  /** Ends the files. @returns their paths, oldest first */
  close(): string[];
}

export function createBlockFiles(folder: string): BlockFiles {
  const blocks = new Map<number, { readonly file: string; readonly descriptor: number; text: string }>();

  const blockOf = (at: Date) => {
    const number = Math.floor(at.getTime() / BLOCK_MS);
    let block = blocks.get(number);
    if (block === undefined) {
      const file = path.join(folder, `block-${number}.om`);
      block = { file, descriptor: openSync(file, 'w'), text: '' };
      blocks.set(number, block);
    }
    return block;
  };

  return {
    write: (at, series, value) => {
      const block = blockOf(at);
      block.text += `${series} ${value} ${at.getTime() / 1_000}\n`;
      if (block.text.length >= BUFFERED_CHARACTERS) {
        writeSync(block.descriptor, block.text);
        block.text = '';
      }
    },
    close: () =>
      [...blocks.entries()]
        .sort(([one], [other]) => one - other)
        .map(([, { file, descriptor, text }]) => {
          // Without it promtool takes the file for a torn one.
          writeSync(descriptor, `${text}# EOF\n`);
          closeSync(descriptor);
          return file;
        }),
  };
}
