// The audit log as CSV (S4, S5).
import type { AuditEntry } from '@admin-center/contracts/audit';
import { type ExportFile, writeCsv } from '../../platform/csv-file.ts';
import { type Database, readSnapshot } from '../../platform/database.ts';
import { AppError } from '../../platform/errors.ts';
import { countEntries, type EntryFilter, listEntries } from './store.ts';

export const ROWS_MAX = 100_000;
const BATCH = 1_000;
const BATCH_TIMEOUT_MS = 30_000;

/**
 * @param watermark goes into every row: who took it and with which request
 * @throws AppError 422 for more than 100,000 rows
 */
export const exportEntries = (database: Database, filter: EntryFilter, watermark: string): Promise<ExportFile> =>
  readSnapshot(database, BATCH_TIMEOUT_MS, async (tx) => {
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
    return writeCsv(COLUMNS, read());
  });

const COLUMNS = ['sequence', 'at', 'actor', 'role', 'action', 'outcome', 'target_type', 'target_id', 'reason', 'before', 'after', 'request_id', 'hash', 'exported_by'] as const;

const json = (value: unknown): string => (value === null ? '' : JSON.stringify(value));

const cellsOf = (entry: AuditEntry, watermark: string): readonly string[] => [
  String(entry.sequence), entry.at, entry.actor.email ?? '', entry.actor.role, entry.action, entry.outcome, entry.target.type, entry.target.id,
  entry.reason ?? '', json(entry.before), json(entry.after), entry.requestId ?? '', entry.hash, watermark,
];
