// Funnels (D9) worked out the naive way, by trying every choice of events: what the rollup is compared with in tests.

export interface OracleEvent {
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  readonly name: string;
  readonly feature?: string | null;
}

interface Match {
  readonly event: string;
  readonly feature: string | null;
}

export interface OracleFunnel {
  readonly order: 'ordered' | 'strict' | 'any';
  readonly windowSeconds: number;
  readonly steps: ReadonlyArray<Match & { readonly windowSeconds: number | null }>;
  readonly exclusions: ReadonlyArray<Match & { readonly after: number; readonly before: number }>;
}

export interface OracleEntry {
  readonly day: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly reachedAt: readonly number[];
  readonly openUntil: number;
}

const fits = (match: Match, event: OracleEvent): boolean => match.event === event.name && (match.feature === null || match.feature === (event.feature ?? null));
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The entries of one person, by day; a day's best stands for it. */
export function entriesOf(funnel: OracleFunnel, history: readonly OracleEvent[]): OracleEntry[] {
  const rank = (event: OracleEvent): number => {
    const step = funnel.steps.findIndex((match) => fits(match, event));
    return step === -1 ? Number.POSITIVE_INFINITY : step;
  };
  const events = history.toSorted((a, b) => a.at - b.at || (rank(a) === rank(b) ? (a.id < b.id ? -1 : 1) : rank(a) - rank(b)));
  const days = new Map<string, OracleEntry[]>();
  events.forEach((event, index) => {
    const starts = funnel.order === 'any' ? funnel.steps.some((step) => fits(step, event)) : fits(funnel.steps[0] as Match, event);
    if (starts) {
      const day = dayOf(event.at);
      days.set(day, [...(days.get(day) ?? []), { day, firstAt: event.at, lastAt: event.at, ...attemptOf(funnel, events, index) }]);
    }
  });
  return [...days.values()].map((attempts) => ({
    day: (attempts[0] as OracleEntry).day,
    firstAt: Math.min(...attempts.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...attempts.map(({ lastAt }) => lastAt)),
    reachedAt: attempts.toSorted(worse).at(-1)?.reachedAt ?? [],
    openUntil: Math.max(...attempts.map(({ openUntil }) => openUntil)),
  }));
}

const tookOf = ({ reachedAt }: OracleEntry): number => (reachedAt.at(-1) as number) - (reachedAt[0] as number);
const worse = (a: OracleEntry, b: OracleEntry): number => a.reachedAt.length - b.reachedAt.length || tookOf(b) - tookOf(a) || (a.reachedAt[0] as number) - (b.reachedAt[0] as number);

/** Every way to go on from an entry. */
function attemptOf(funnel: OracleFunnel, events: readonly OracleEvent[], entry: number): { reachedAt: number[]; openUntil: number } {
  const start = (events[entry] as OracleEvent).at;
  const end = start + funnel.windowSeconds * 1_000;
  const total = funnel.steps.length;
  const limitOf = (size: number): number => (funnel.steps[size]?.windowSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const first: number[] = [];
  let openUntil = start;
  const disqualified = (size: number, after: number, before: number): boolean =>
    events.slice(after + 1, before).some((event) => funnel.exclusions.some((exclusion) => exclusion.after <= size && size < exclusion.before && fits(exclusion, event)));

  const follow = (done: readonly number[], last: number): void => {
    const size = done.length;
    const at = (events[last] as OracleEvent).at;
    first[size - 1] = Math.min(first[size - 1] ?? Number.POSITIVE_INFINITY, at);
    if (size === total) {
      return;
    }
    // What comes after the window changes nothing any more.
    const within = events.findLastIndex((event) => event.at <= end) + 1;
    if (funnel.order === 'strict' ? last + 1 === within : !disqualified(size, last, within)) {
      openUntil = Math.max(openUntil, Math.min(end, at + limitOf(size)));
    }
    for (let next = last + 1; next < (funnel.order === 'strict' ? Math.min(last + 2, events.length) : events.length); next += 1) {
      const event = events[next] as OracleEvent;
      if (event.at > end || event.at - at > limitOf(size) || disqualified(size, last, next)) {
        continue;
      }
      const steps = funnel.order === 'any' ? [...funnel.steps.keys()].filter((step) => !done.includes(step)) : [size];
      for (const step of steps) {
        if (fits(funnel.steps[step] as Match, event)) {
          follow([...done, step], next);
        }
      }
    }
  };
  const openings = funnel.order === 'any' ? funnel.steps.flatMap((step, index) => (fits(step, events[entry] as OracleEvent) ? [index] : [])) : [0];
  for (const step of openings) {
    follow([step], entry);
  }
  return { reachedAt: first, openUntil: first.length === total ? start : openUntil };
}

export interface OracleResult {
  readonly entered: number;
  readonly reached: readonly number[];
  readonly pending: number;
  readonly dropped: number;
  /** Of those who converted, in milliseconds. */
  readonly took: readonly number[];
}

/** A person counts once, by their best entry of the days. */
export function resultOf(funnel: OracleFunnel, histories: readonly (readonly OracleEvent[])[], from: string, to: string, asOf: number): OracleResult {
  const total = funnel.steps.length;
  const persons = histories.map((history) => entriesOf(funnel, history).filter(({ day }) => day >= from && day <= to)).filter((entries) => entries.length > 0);
  const depthOf = (entries: readonly OracleEntry[]): number => Math.max(...entries.map(({ reachedAt }) => reachedAt.length));
  const rest = persons.filter((entries) => depthOf(entries) < total);
  const pending = rest.filter((entries) => entries.some(({ openUntil }) => openUntil > asOf)).length;
  return {
    entered: persons.length,
    reached: funnel.steps.map((_, index) => persons.filter((entries) => depthOf(entries) > index).length),
    pending,
    dropped: rest.length - pending,
    took: persons.filter((entries) => depthOf(entries) === total).map((entries) => Math.min(...entries.filter(({ reachedAt }) => reachedAt.length === total).map(tookOf))).toSorted((a, b) => a - b),
  };
}
