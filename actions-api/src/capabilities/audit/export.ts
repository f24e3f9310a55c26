// The audit log as CSV (S4, S5): put together in an unlinked file first, so that its rows, bytes and digest stand in the
// audit entry before the first byte leaves.
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditEntry } from '@admin-center/contracts/audit';
import { stringify } from 'csv-stringify';
import { type Database, readSnapshot } from '../../platform/database.ts';
import { AppError } from '../../platform/errors.ts';
import { countEntries, type EntryFilter, listEntries } from './store.ts';

export const ROWS_MAX = 100_000;
const BATCH = 1_000;
const BATCH_TIMEOUT_MS = 30_000;

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

/**
 * @param watermark goes into every row: who took it and with which request
 * @throws AppError 422 for more than 100,000 rows
 */
export async function exportEntries(database: Database, filter: EntryFilter, watermark: string): Promise<ExportFile> {
  const file = await openUnlinked();
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    const rows = await readSnapshot(database, BATCH_TIMEOUT_MS, async (tx) => {
      const total = await countEntries(tx, filter, ROWS_MAX);
      if (total > ROWS_MAX) {
        throw new AppError('export_too_large', 422, `More than ${ROWS_MAX.toLocaleString('en')} entries match. Narrow the filter, for example by time.`);
      }
      const read = async function* (): AsyncGenerator<readonly string[]> {
        for (let before: number | null = null; ; ) {
          const entries: AuditEntry[] = await listEntries(tx, filter, before, BATCH);
          for (const entry of entries) {
            yield cellsOf(entry, watermark);
          }
          before = entries.at(-1)?.sequence ?? null;
          if (entries.length < BATCH) {
            return;
          }
        }
      };
      // Quotes always, and a quote before = + - @ and their like: a spreadsheet must not run a reason.
      const csv = stringify({ header: true, columns: [...COLUMNS], quoted: true, escape_formulas: true, record_delimiter: 'windows' });
      await pipeline(Readable.from(read()), csv, async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk);
          await file.write(chunk, 0, chunk.length, bytes);
          bytes += chunk.length;
        }
      });
      return total;
    });
    return {
      rows,
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

const COLUMNS = ['sequence', 'at', 'actor', 'role', 'action', 'outcome', 'target_type', 'target_id', 'reason', 'before', 'after', 'request_id', 'hash', 'exported_by'] as const;

const json = (value: unknown): string => (value === null ? '' : JSON.stringify(value));

const cellsOf = (entry: AuditEntry, watermark: string): readonly string[] => [
  String(entry.sequence), entry.at, entry.actor.email ?? '', entry.actor.role, entry.action, entry.outcome, entry.target.type, entry.target.id,
  entry.reason ?? '', json(entry.before), json(entry.after), entry.requestId ?? '', entry.hash, watermark,
];

/** No name in the file system, so nothing is left behind whatever happens to the process. */
async function openUnlinked(): Promise<FileHandle> {
  const name = path.join(os.tmpdir(), `admin-center-export-${randomUUID()}`);
  const file = await open(name, 'wx+', 0o600);
  await unlink(name);
  return file;
}
