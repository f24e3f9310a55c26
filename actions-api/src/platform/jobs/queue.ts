// Jobs that one of the replicas does for all of them, by graphile-worker. The runner is started again when it gives up,
// which it does when PostgreSQL goes away.
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type CronItem, Logger as WorkerLogger, parseCronItems, run, type Runner, type TaskList, type TaskSpec } from 'graphile-worker';
import type { Logger } from '@admin-center/platform/log';

export const JOB_SCHEMA = 'admin_center_worker';
const RESTART_MS = 5_000;
/**
 * With these, results of jobs are written by code that retries and then stops the runner; by default they are written
 * without anybody waiting, and a lost connection would end the process by an unhandled rejection.
 */
const PRESET = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } } as const;

export interface Job {
  readonly name: string;
  /** Cron expression; the finest is a minute. */
  readonly cron: string;
  /** Seconds after the end of a run until the next, for what a minute is too long for. */
  readonly repeatAfterSeconds?: number;
  /** Whether to run as soon as a worker starts. */
  readonly atStart: boolean;
  run(): Promise<void>;
}

export interface JobQueue {
  close(): Promise<void>;
}

/**
 * A job waits at most once in the queue, however many replicas there are: its name is its job key. A job with
 * `repeatAfterSeconds` puts itself back when it ends; the cron line only brings it back if its worker was killed.
 */
export function startJobs(pool: pg.Pool, log: Logger, jobs: readonly Job[]): JobQueue {
  const closing = new AbortController();

  const once = (name: string): TaskSpec => ({ jobKey: name, jobKeyMode: 'preserve_run_at', maxAttempts: 1 });
  const taskList: TaskList = Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (_payload, helpers) => {
        try {
          await job.run();
        } finally {
          if (job.repeatAfterSeconds !== undefined) {
            await helpers.addJob(job.name, {}, { ...once(job.name), runAt: new Date(Date.now() + job.repeatAfterSeconds * 1_000) });
          }
        }
      },
    ]),
  );
  const cronItems = jobs.map((job): CronItem => ({ task: job.name, match: job.cron, identifier: job.name, options: { jobKey: job.name, jobKeyMode: 'preserve_run_at', maxAttempts: 1 } }));
  const logger = new WorkerLogger(() => (level, message, meta) => {
    const write = level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug';
    log[write]({ part: 'jobs', err: meta?.['error'] }, message);
  });

  const runUntilItGivesUp = async (): Promise<void> => {
    const runner = await run({ preset: PRESET, pgPool: pool, schema: JOB_SCHEMA, taskList, parsedCronItems: parseCronItems(cronItems), concurrency: 2, noHandleSignals: true, logger });
    const stop = (): void => void runner.stop().catch(() => undefined);
    closing.signal.addEventListener('abort', stop, { once: true });
    if (closing.signal.aborted) {
      stop();
    }
    try {
      // Its end is watched from the first moment: it may give up while the first jobs are being put in.
      await Promise.all([runner.promise, addFirstJobs(runner)]);
    } finally {
      closing.signal.removeEventListener('abort', stop);
      await runner.stop().catch(() => undefined);
    }
  };
  const addFirstJobs = async (runner: Runner): Promise<void> => {
    for (const job of jobs.filter(({ atStart }) => atStart)) {
      await runner.addJob(job.name, {}, once(job.name));
    }
  };

  const supervise = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await runUntilItGivesUp().catch((err: unknown) => log.warn({ err }, 'the job runner stopped; it is started again'));
      await delay(RESTART_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const ended = supervise();

  return {
    async close() {
      closing.abort();
      await ended;
    },
  };
}
