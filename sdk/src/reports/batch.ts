// What is collected between two reports: sums where sums will do, rows for what was done under impersonation. Bounded:
// what does not fit is dropped and counted.

export interface ImpersonatedRow {
  readonly sessionId: string;
  readonly at: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly actionClass: string | null;
  readonly blocked: boolean;
}

interface EvaluationSum {
  readonly flag: string;
  readonly variant: string | null;
  readonly reason: string;
  count: number;
}

interface RequestSum {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  count: number;
  durationSeconds: number;
}

export interface BatchContent {
  readonly evaluations: readonly EvaluationSum[];
  readonly impersonated: readonly ImpersonatedRow[];
  readonly requests: readonly RequestSum[];
}

/** Kinds of evaluation, kinds of request, rows: of each this many. */
const MOST = 2_000;

export interface Batch {
  /** Each returns whether there was room. */
  evaluation(flag: string, variant: string | null, reason: string): boolean;
  request(method: string, route: string, status: number, seconds: number): boolean;
  impersonated(row: ImpersonatedRow): boolean;
  /** Null when there is nothing in it. */
  content(): BatchContent | null;
}

export function createBatch(): Batch {
  const evaluations = new Map<string, EvaluationSum>();
  const requests = new Map<string, RequestSum>();
  const rows: ImpersonatedRow[] = [];
  return {
    evaluation(flag, variant, reason) {
      const key = `${flag}\n${variant ?? ''}\n${reason}`;
      const known = evaluations.get(key);
      if (known !== undefined) {
        known.count += 1;
        return true;
      }
      return evaluations.size < MOST && evaluations.set(key, { flag, variant, reason, count: 1 }) !== undefined;
    },
    request(method, route, status, seconds) {
      const key = `${method}\n${route}\n${status}`;
      const known = requests.get(key);
      if (known !== undefined) {
        known.count += 1;
        known.durationSeconds += seconds;
        return true;
      }
      return requests.size < MOST && requests.set(key, { method, route, status, count: 1, durationSeconds: seconds }) !== undefined;
    },
    impersonated: (row) => rows.length < MOST && rows.push(row) > 0,
    content: () =>
      evaluations.size + requests.size + rows.length === 0 ? null : { evaluations: [...evaluations.values()], impersonated: rows, requests: [...requests.values()] },
  };
}
