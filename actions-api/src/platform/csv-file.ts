// Rows as a CSV file that is safe to open (S4): put together in an unlinked file first, so that its rows, bytes and digest
// stand in the audit entry before the first byte leaves.
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';

export interface ExportFile {
  readonly rows: number;
  readonly bytes: number;
  /** Hex; whoever has the file can show that it is the one the audit log speaks of. */
  readonly sha256: string;
  /** Sends the content once and frees the file. */
  open(): Readable;
  /** Frees the file unsent. */
  discard(): Promise<void>;
}

export async function writeCsv(columns: readonly string[], rows: AsyncIterable<readonly string[]>): Promise<ExportFile> {
  const file = await openUnlinked();
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    let count = 0;
    const counted = async function* (): AsyncGenerator<readonly string[]> {
      for await (const row of rows) {
        count += 1;
        yield row;
      }
    };
    // Quotes always, and a quote before = + - @ and their like: a spreadsheet must not run a reason.
    const csv = stringify({ header: true, columns: [...columns], quoted: true, escape_formulas: true, record_delimiter: 'windows' });
    await pipeline(Readable.from(counted()), csv, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        await file.write(chunk, 0, chunk.length, bytes);
        bytes += chunk.length;
      }
    });
    return {
      rows: count,
      bytes,
      sha256: hash.digest('hex'),
      open: () => file.createReadStream({ start: 0, autoClose: true }),
      discard: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** No name in the file system, so nothing is left behind whatever happens to the process. */
async function openUnlinked(): Promise<FileHandle> {
  const name = path.join(os.tmpdir(), `admin-center-export-${randomUUID()}`);
  const file = await open(name, 'wx+', 0o600);
  await unlink(name);
  return file;
}
