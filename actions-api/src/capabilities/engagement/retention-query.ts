// What is asked about retention, and what counting answers, from rollups and from the stream alike.
import type { Interval } from './days.ts';

export interface RetentionQuery {
  readonly basis: 'calendar' | 'own';
  readonly interval: Interval;
  readonly mode: 'bounded' | 'unbounded';
  readonly eventIn?: string | undefined;
  readonly eventBack?: string | undefined;
  readonly cohorts: number;
}

/** Users of one cohort whose n-th interval was active, and for whom it was the last such. */
export interface RetentionCount {
  readonly cohort: string;
  readonly n: number;
  readonly active: number;
  readonly last: number;
}

/** 24 hours, 7 and 30 times 24 hours. */
export const OWN_DAYS = { day: 1, week: 7, month: 30 } as const;
