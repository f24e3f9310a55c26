// What the retention grid is asked, and how its parts are called: the mode is always in the title (D4).
import type { Retention } from '@admin-center/contracts/engagement-answers';
import type { Cell } from '../../platform/csv.ts';
import { intervalName } from './scale.ts';

export interface RetentionView {
  readonly mode: Retention['mode'];
  readonly basis: Retention['basis'];
  readonly interval: Retention['interval'];
  /** Empty: the first qualifying event. */
  readonly eventIn: string;
  /** Empty: any qualifying event. */
  readonly eventBack: string;
  readonly cohorts: number;
}

export const RETENTION_VIEW: RetentionView = { mode: 'bounded', basis: 'calendar', interval: 'week', eventIn: '', eventBack: '', cohorts: 12 };

/** Of a day cohort one wants more than of a month cohort. */
export const COHORTS = { day: 14, week: 12, month: 6 } as const;

export const retentionQuery = ({ mode, basis, interval, eventIn, eventBack, cohorts }: RetentionView) => ({ mode, basis, interval, cohorts, eventIn: eventIn || undefined, eventBack: eventBack || undefined });

export const retentionTitle = ({ mode, interval }: Pick<RetentionView, 'mode' | 'interval'>): string => `Retention by ${interval}, ${mode === 'bounded' ? `bounded: active in the n-th ${interval}` : `unbounded: active in the n-th ${interval} or later`}`;

export const basisText = ({ basis, interval }: Pick<RetentionView, 'basis' | 'interval'>): string => {
  const length = { day: '24 hours', week: '7 times 24 hours', month: '30 times 24 hours' }[interval];
  return basis === 'calendar' ? 'Intervals are those of the calendar, in UTC.' : `Intervals are ${length}, counted from each user's own start.`;
};

export const cellTitle = (view: RetentionView, cohort: string, n: number): string => `${view.mode === 'bounded' ? 'Active in' : 'Active in or after'} ${view.interval} ${n}, cohort ${intervalName(view.interval, cohort)}`;

/** One line for each cohort and the weighted line, as shown; blank where the interval has not ended. */
export function retentionCsv({ cohorts, overall, interval }: Retention): { readonly header: readonly string[]; readonly rows: ReadonlyArray<readonly Cell[]> } {
  const length = Math.max(0, ...cohorts.map(({ cells }) => cells.length));
  const cells = (ratios: ReadonlyArray<{ readonly ratio: number | null } | undefined>) => Array.from({ length }, (_, n) => ratios[n]?.ratio ?? null);
  return {
    header: ['cohort', 'users', ...Array.from({ length }, (_, n) => `${interval} ${n}`)],
    rows: [...cohorts.map((row) => [row.cohort, row.users, ...cells(row.cells)]), ['all, weighted', overall[0]?.of ?? 0, ...cells(overall)]],
  };
}
