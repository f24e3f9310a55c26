// The demo company Acme as a whole: its size, its growth, when its incident was. Everything else derives from this.
import { DAY, dayOf, HOUR, startOf } from './calendar.ts';
import { keyOfSeed, type Key } from './random.ts';

export interface Company {
  readonly key: Key;
  readonly seed: number;
  /** Users it has had by `loadedAt`, nearly; its growth goes on from there. */
  readonly users: number;
  /** Complete days of history before `loadedAt`. */
  readonly days: number;
  /** The moment its past was loaded up to. */
  readonly loadedAt: number;
  /** First day with a sign-up. */
  readonly foundedOn: number;
  /** First day whose sessions are kept: early enough for a 30-day window to be full on the first day of history. */
  readonly sessionsSince: number;
  readonly incident: { readonly from: number; readonly to: number };
}

/** Days the company existed before its history begins: older users, subscriptions and payments. */
const YOUTH_DAYS = 500;
const WINDOW_DAYS = 31;
/** Sign-ups grow by this share a day: they double in 160 days. */
const GROWTH = 0.0043;
const INCIDENT_HOURS = 9;
const INCIDENT_STARTS_NEAR = 11;

/** The incident: nine hours within the sixth day before `now`, over the busiest hours of UTC that fit. */
function incidentBefore(now: number): Company['incident'] {
  const earliest = Math.ceil((now - 6 * DAY) / HOUR);
  const starts = Array.from({ length: 24 - INCIDENT_HOURS }, (_, index) => earliest + index);
  const distance = (start: number): number => Math.abs((start % 24) - INCIDENT_STARTS_NEAR);
  const start = starts.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
  return { from: start * HOUR, to: (start + INCIDENT_HOURS) * HOUR };
}

export function createCompany(plan: { readonly seed: number; readonly users: number; readonly days: number; readonly now: number }): Company {
  const today = dayOf(plan.now);
  return {
    key: keyOfSeed(plan.seed),
    seed: plan.seed,
    users: plan.users,
    days: plan.days,
    loadedAt: plan.now,
    foundedOn: today - plan.days - YOUTH_DAYS,
    sessionsSince: today - plan.days - WINDOW_DAYS,
    incident: incidentBefore(plan.now),
  };
}

/** Expected sign-ups on a day before the weekly rhythm. Exponential, and `users` in all from the founding to `loadedAt`. */
export function expectedSignups(company: Company, day: number): number {
  const age = (company.loadedAt - startOf(company.foundedOn)) / DAY;
  const ahead = startOf(day) / DAY + 0.5 - company.loadedAt / DAY;
  return (company.users * GROWTH * Math.exp(GROWTH * ahead)) / (1 - Math.exp(-GROWTH * age));
}

export const inIncident = (company: Company, at: number): boolean => at >= company.incident.from && at < company.incident.to;
