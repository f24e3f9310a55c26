// Runs the collectors on timers and keeps what /metrics serves. They run at the same time, each on its own: one that
// fails or hangs costs nothing but its own numbers, which stay for three of its intervals and then go.
import type { MetricContract } from '@admin-center/contracts/capability';
import { core } from '@admin-center/contracts/core';
import type { Clock } from '@admin-center/platform/clock';
import type { Logger } from '@admin-center/platform/log';
import type pg from 'pg';
import { collect, type Collector, type CollectorName } from './collector.ts';
import type { Exposition } from './exposition.ts';
import { createRenderer, type Renderer } from './render.ts';
import { inSnapshot, isConnectionError } from './snapshot.ts';

/** Last good values are served for so many intervals. */
const INTERVALS_KEPT = 3;
/** A collector may be busy for a fifth of the time: one that takes longer runs less often. */
const PAUSE_FACTOR = 5;
/** Tries again after one interval, two, four …, at most this, so that a database that is back is found soon. */
const LONGEST_BACKOFF_SECONDS = 30;
/** Timers differ by a tenth either way, so that collectors and replicas do not meet at the database. */
const JITTER = 0.1;

export interface RunOptions {
  readonly pool: pg.Pool;
  readonly collectors: readonly Collector[];
  readonly exposition: Exposition;
  readonly log: Logger;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Text appended to the collectors' own; metrics of the process. */
  readonly appendix?: () => Promise<string>;
}

export interface RunningCollectors {
  /** Empty when every collector has succeeded once and the database is there; else what is missing, as sentences. */
  notReady(): readonly string[];
  /** Resolves when no run is under way any more. */
  stop(): Promise<void>;
}

interface State {
  readonly collector: Collector;
  readonly renderer: Renderer;
  /** The series of the last successful run; empty when they are too old. */
  text: string;
  succeededAt: Date | null;
  /** Of the last run. */
  success: boolean;
  durationSeconds: number;
  intervalSeconds: number;
  failures: number;
  /** Of the last run. */
  error: unknown;
  expiry: NodeJS.Timeout | undefined;
  next: NodeJS.Timeout | undefined;
  running: Promise<void> | null;
}

const HEALTH = core.metrics.filter((metric) => metric.name !== 'admincenter_host_probe_found');

export function runCollectors({ pool, collectors, exposition, log, clock, random, appendix = async () => '' }: RunOptions): RunningCollectors {
  let stopped = false;
  const states = collectors.map((collector): State => ({
    collector,
    renderer: createRenderer(ownMetrics(collector), collector),
    text: '',
    succeededAt: null,
    success: false,
    durationSeconds: 0,
    intervalSeconds: collector.intervalSeconds,
    failures: 0,
    error: null,
    expiry: undefined,
    next: undefined,
    running: null,
  }));

  async function publish(): Promise<void> {
    const appended = await appendix().catch((err: unknown) => {
      log.error({ err }, 'the metrics of the process failed');
      return '';
    });
    await exposition.publish([healthText(states), ...states.map((state) => state.text), appended].join(''));
  }

  async function run(state: State): Promise<void> {
    const { collector } = state;
    const begun = performance.now();
    try {
      const samples = await inSnapshot(pool, collector.timeoutMs, (client) => collect(client, collector));
      state.text = state.renderer.render(samples);
      succeeded(state, (performance.now() - begun) / 1_000);
    } catch (error) {
      failed(state, (performance.now() - begun) / 1_000, error);
    }
    await publish();
  }

  function succeeded(state: State, seconds: number): void {
    if (state.failures > 0) {
      log.info({ collector: state.collector.name }, 'the collector succeeds again');
    }
    Object.assign(state, { success: true, succeededAt: clock(), durationSeconds: seconds, failures: 0, error: null });
    state.intervalSeconds = Math.max(state.collector.intervalSeconds, seconds * PAUSE_FACTOR);
    clearTimeout(state.expiry);
    state.expiry = setTimeout(() => {
      state.text = '';
      log.warn({ collector: state.collector.name }, 'its numbers are too old to be served');
      void publish();
    }, state.intervalSeconds * INTERVALS_KEPT * 1_000);
  }

  function failed(state: State, seconds: number, error: unknown): void {
    Object.assign(state, { success: false, durationSeconds: seconds, failures: state.failures + 1, error });
    log.error({ collector: state.collector.name, err: error, failures: state.failures }, 'the collector failed');
  }

  /** The next run is planned when one ends, so that there are never two of one collector. */
  function plan(state: State, seconds: number): void {
    if (stopped) {
      return;
    }
    state.next = setTimeout(() => {
      const begun = performance.now();
      state.running = run(state).finally(() => {
        state.running = null;
        plan(state, Math.max(0, pauseSeconds(state) - (performance.now() - begun) / 1_000));
      });
    }, seconds * (1 - JITTER + 2 * JITTER * random()) * 1_000);
  }

  void publish();
  states.forEach((state) => plan(state, 0));

  return {
    notReady: () => [...databaseAway(states), ...states.filter((state) => state.succeededAt === null).map(neverSucceeded)],
    stop: async () => {
      stopped = true;
      for (const state of states) {
        clearTimeout(state.next);
        clearTimeout(state.expiry);
      }
      await Promise.all(states.map((state) => state.running));
    },
  };
}

/** From the start of one run to the start of the next. */
function pauseSeconds(state: State): number {
  return state.failures === 0 ? state.intervalSeconds : Math.min(state.intervalSeconds * 2 ** (state.failures - 1), Math.max(LONGEST_BACKOFF_SECONDS, state.intervalSeconds));
}

export const ownMetrics = (collector: Collector): readonly MetricContract[] => collector.capability.metrics.filter((metric) => metric.source === 'exporter');

const databaseAway = (states: readonly State[]): string[] =>
  states.filter((state) => isConnectionError(state.error)).slice(0, 1).map((state) => `The database is away: ${(state.error as Error).message}`);

const neverSucceeded = ({ collector, error }: State): string =>
  `Collector ${collector.name} has not succeeded yet${error === null ? '' : `: ${(error as Error).message}`}`;

function healthText(states: readonly State[]): string {
  const samples = states.flatMap(({ collector, success, succeededAt, durationSeconds, intervalSeconds, renderer }) => {
    const labels: { readonly collector: CollectorName } = { collector: collector.name };
    return [
      { metric: 'admincenter_collector_success', labels, value: success ? 1 : 0 },
      { metric: 'admincenter_snapshot_duration_seconds', labels, value: durationSeconds },
      { metric: 'admincenter_snapshot_interval_seconds', labels, value: intervalSeconds },
      { metric: 'admincenter_label_overflows_total', labels, value: renderer.overflows() },
      ...(succeededAt === null ? [] : [{ metric: 'admincenter_snapshot_timestamp_seconds', labels, value: succeededAt.getTime() / 1_000 }]),
    ];
  });
  // Collectors that do not run here have no health.
  return createRenderer(HEALTH, { mayBeAbsent: HEALTH.map((metric) => metric.name) }).render(samples);
}
