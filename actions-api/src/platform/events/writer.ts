// Brings the events of many requests to the database in few statements, and each request the results of its own. A
// statement starts as soon as a connection is free and enough events wait; a few of them wait a moment for others.
import { isDisconnected } from '../database-errors.ts';
import { AppError, unavailable } from '../errors.ts';
import { toAppError } from '../problem.ts';
import type { EventRow, StoredResult } from './event-row.ts';

export interface WriterOptions {
  readonly insert: (rows: readonly EventRow[]) => Promise<StoredResult[]>;
  /** Statements at a time; the rest of the pool is for others. */
  readonly atOnce: number;
  /** From so many events on nothing waits for more. */
  readonly enough: number;
  /** For how long fewer wait. */
  readonly momentMs: number;
  /** Events in one statement at most, unless one request has more. */
  readonly most: number;
  /** Who waits longer for a free connection is told to come again. */
  readonly patienceMs: number;
}

interface Job {
  readonly rows: readonly EventRow[];
  readonly resolve: (results: readonly StoredResult[]) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export interface Writer {
  /** Resolves when the events are committed. @throws AppError 503 when they are not, or when that is not known */
  write(rows: readonly EventRow[]): Promise<readonly StoredResult[]>;
}

export function createWriter({ insert, atOnce, enough, momentMs, most, patienceMs }: WriterOptions): Writer {
  let waiting: Job[] = [];
  let waitingRows = 0;
  let running = 0;
  let moment: NodeJS.Timeout | null = null;

  const remove = (jobs: readonly Job[]): void => {
    const gone = new Set(jobs);
    waiting = waiting.filter((job) => !gone.has(job));
    waitingRows -= jobs.reduce((sum, { rows }) => sum + rows.length, 0);
  };
  const take = (): Job[] => {
    let count = 0;
    const end = waiting.findIndex(({ rows }, index) => {
      count += rows.length;
      return index > 0 && count > most;
    });
    const jobs = end === -1 ? waiting.slice() : waiting.slice(0, end);
    remove(jobs);
    jobs.forEach(({ timer }) => clearTimeout(timer));
    return jobs;
  };
  const run = async (jobs: readonly Job[]): Promise<void> => {
    running += 1;
    try {
      await store(insert, jobs);
    } finally {
      running -= 1;
      // Whoever waited for the connection waited long enough.
      pump(true);
    }
  };
  const pump = (due: boolean): void => {
    if (waitingRows === 0 || running >= atOnce) {
      return;
    }
    if (due || waitingRows >= enough) {
      void run(take());
      pump(false);
      return;
    }
    moment ??= setTimeout(() => {
      moment = null;
      pump(true);
    }, momentMs);
  };

  return {
    write: (rows) =>
      new Promise((resolve, reject) => {
        const job: Job = {
          rows, resolve, reject,
          timer: setTimeout(() => {
            remove([job]);
            reject(unavailable('overloaded', 'More arrives than can be worked off. Keep this and send it again.', 5));
          }, patienceMs),
        };
        waiting.push(job);
        waitingRows += rows.length;
        pump(false);
      }),
  };
}

/** A message that two requests bring counts for the first. What breaks one statement for all breaks only the requests that hold it. */
async function store(insert: WriterOptions['insert'], jobs: readonly Job[]): Promise<void> {
  const unique = new Map<string, EventRow>();
  for (const { rows } of jobs) {
    for (const row of rows) {
      if (!unique.has(row.messageId)) {
        unique.set(row.messageId, row);
      }
    }
  }
  const rows = [...unique.values()];
  try {
    const results = await insert(rows);
    const left = new Map(rows.map(({ messageId }, index) => [messageId, results[index] as StoredResult]));
    for (const job of jobs) {
      job.resolve(job.rows.map(({ messageId }) => {
        const result = left.get(messageId) as StoredResult;
        left.set(messageId, result === 'accepted' ? 'duplicate' : result);
        return result;
      }));
    }
  } catch (error) {
    if (jobs.length > 1 && toAppError(error).status === 500 && !isDisconnected(error)) {
      for (const job of jobs) {
        await store(insert, [job]);
      }
      return;
    }
    jobs.forEach(({ reject }) => reject(error instanceof AppError ? error : toAppError(error)));
  }
}
