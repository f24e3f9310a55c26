// How long until an experiment can be decided, if users keep coming as they do. In the fixed mode that is when the planned
// size is reached. In the sequential one it may be sooner: when the interval, at the effect and the variance seen so far,
// leaves 0; searched by doubling and halving, since the half-width has no inverse in closed form.
import { type Effect, type EffectSettings, halfWidth } from './effect.ts';

export interface Pace {
  /** Users of both compared variants so far. */
  readonly users: number;
  /** Of the smaller variant. */
  readonly smallest: number;
  readonly plannedN: number;
  /** Both variants' new users a day. */
  readonly perDay: number;
  /** The smaller variant's. */
  readonly smallestPerDay: number;
}

/** @returns days, 0 when it can be decided now, null when nobody comes any more */
export function daysToDecision(effect: Effect | null, pace: Pace, settings: EffectSettings): number | null {
  const missing = pace.plannedN - pace.smallest;
  if (missing <= 0) {
    return 0;
  }
  const untilPlanned = pace.smallestPerDay > 0 ? missing / pace.smallestPerDay : null;
  if (settings.mode === 'fixed' || effect === null) {
    return untilPlanned;
  }
  const needed = usersToLeaveZero(effect, pace.users, settings);
  const untilClear = needed <= pace.users ? 0 : pace.perDay > 0 ? (needed - pace.users) / pace.perDay : null;
  return untilClear === null || untilPlanned === null ? (untilClear ?? untilPlanned) : Math.min(untilClear, untilPlanned);
}

const MOST = 1e9;

/** Users of both variants at which the interval leaves 0. */
function usersToLeaveZero({ difference: { point }, standardError }: Effect, users: number, settings: EffectSettings): number {
  const leaves = (n: number): boolean => halfWidth(standardError * Math.sqrt(users / n), n, settings) < Math.abs(point);
  if (leaves(users)) {
    return users;
  }
  let high = users * 2;
  while (!leaves(high)) {
    high *= 2;
    if (high > MOST) {
      return Number.POSITIVE_INFINITY;
    }
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (leaves(middle)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return Math.ceil(high);
}
