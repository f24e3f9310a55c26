// Sessions (D3) by walking through the events of each user in order: the oracle of what the rollup makes with intervals.

export interface Moment {
  readonly person: string;
  readonly at: Date;
  readonly platform: string;
}

export interface NaiveSession {
  readonly person: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly events: number;
  readonly platform: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export function naiveSessions(moments: readonly Moment[]): NaiveSession[] {
  const sorted = moments.toSorted((a, b) => a.person.localeCompare(b.person) || a.at.getTime() - b.at.getTime() || (a.platform < b.platform ? -1 : 1));
  const sessions: NaiveSession[] = [];
  for (const { person, at, platform } of sorted) {
    const open = sessions.at(-1);
    if (open?.person === person && at.getTime() - open.endedAt.getTime() <= 30 * MINUTE_MS && at.getTime() - open.startedAt.getTime() <= DAY_MS) {
      sessions[sessions.length - 1] = { ...open, endedAt: at, events: open.events + 1 };
    } else {
      sessions.push({ person, startedAt: at, endedAt: at, events: 1, platform });
    }
  }
  return sessions;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

export function mondayOf(at: Date): string {
  const day = new Date(`${dayOf(at)}T00:00:00Z`);
  return dayOf(new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS));
}

/** How often each line occurs, as sorted lines with a count. */
export const tallied = (lines: readonly string[]): string[] =>
  [...Map.groupBy(lines, (line) => line)].map(([line, all]) => `${line} ${all.length}`).toSorted();

/** `day seconds`, per session. */
export const lengths = (sessions: readonly NaiveSession[]): string[] =>
  tallied(sessions.map(({ startedAt, endedAt }) => `${dayOf(startedAt)} ${Math.floor((endedAt.getTime() - startedAt.getTime()) / 1_000)}`));

/** `week sessions`, per user. */
export const perWeek = (sessions: readonly NaiveSession[]): string[] =>
  tallied([...Map.groupBy(sessions, ({ person, startedAt }) => `${person} ${mondayOf(startedAt)}`).values()].map((own) => `${mondayOf((own[0] as NaiveSession).startedAt)} ${own.length}`));

/** `day from to`, per session that follows one on another platform begun at most 7 days before. */
export const platformChanges = (sessions: readonly NaiveSession[]): string[] =>
  tallied(
    sessions.flatMap((session, i) => {
      const before = sessions[i - 1];
      const follows = before?.person === session.person && before.platform !== session.platform && session.startedAt.getTime() - before.startedAt.getTime() <= 7 * DAY_MS;
      return follows ? [`${dayOf(session.startedAt)} ${before.platform} ${session.platform}`] : [];
    }),
  );
