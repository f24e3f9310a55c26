// Means, variances and the covariance with what was before, from sums: results read a handful of sums and no person.

/** Of one variant: y is the outcome after the exposure, p the same measured before it. */
export interface Sums {
  readonly users: number;
  readonly y: number;
  readonly yy: number;
  readonly p: number;
  readonly pp: number;
  readonly py: number;
}

export const NOTHING: Sums = { users: 0, y: 0, yy: 0, p: 0, pp: 0, py: 0 };

export const add = (a: Sums, b: Sums): Sums => ({ users: a.users + b.users, y: a.y + b.y, yy: a.yy + b.yy, p: a.p + b.p, pp: a.pp + b.pp, py: a.py + b.py });

export interface Estimate {
  readonly users: number;
  readonly mean: number;
  /** Of the outcome of one user. */
  readonly variance: number;
}

/** Sample variances need two users. */
const central = (n: number, cross: number, a: number, b: number): number => (n < 2 ? 0 : (cross - (a * b) / n) / (n - 1));

export const varianceOfOutcome = ({ users, y, yy }: Sums): number => Math.max(0, central(users, yy, y, y));
export const varianceBefore = ({ users, p, pp }: Sums): number => Math.max(0, central(users, pp, p, p));
export const covariance = ({ users, y, p, py }: Sums): number => central(users, py, p, y);

export const estimateOf = (sums: Sums): Estimate => ({ users: sums.users, mean: sums.users === 0 ? 0 : sums.y / sums.users, variance: varianceOfOutcome(sums) });
