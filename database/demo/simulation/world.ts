// What the simulator holds in memory: everybody, the sessions they will have today, and when money moves next.
import { sql, type Kysely } from 'kysely';
import { isAdmin } from '../admins.ts';
import { adminCitizens, citizenOf, sessionsOfDay, type Citizen } from '../citizens.ts';
import { DAY, dayOf } from '../calendar.ts';
import type { Company } from '../company.ts';
import { arrivalsOn, personFrom, type Person } from '../people.ts';
import type { Session } from '../sessions.ts';
import type { HostTables } from '../tables.ts';
import { billingAgenda, type BillingAgenda } from './agenda.ts';
import { readSubscriptions } from './subscriptions.ts';

export interface DayPlan {
  /** Who signs up, earliest first. */
  readonly arrivals: readonly Person[];
  /** Every session that starts on the day, earliest first. */
  readonly sessions: Session[];
}

export interface World {
  readonly company: Company;
  /** In the order they signed up. */
  readonly citizens: Citizen[];
  readonly byId: Map<string, Citizen>;
  /** E-mail addresses in lower case. */
  readonly taken: Set<string>;
  /** By UTC day: yesterday, whose sessions may go on past midnight, and the days since. */
  readonly plans: Map<number, DayPlan>;
  readonly agenda: BillingAgenda;
}

/** When an account was suspended or deleted, in either of the host's two ways; null for an account in use. */
export const ENDED_AT = sql<Date | null>`
  CASE WHEN users.is_suspended THEN coalesce(users.suspended_at, now())
       WHEN users.metadata ->> 'is_deleted' = 'true' THEN coalesce((users.metadata ->> 'deleted_at')::timestamptz, now())
       ELSE users.deleted_at END`;

async function readAccounts(db: Kysely<HostTables>): Promise<{ readonly id: string; readonly email: string; readonly subject: string | null; readonly createdAt: Date; readonly endedAt: Date | null }[]> {
  return db
    .selectFrom('users')
    .select(['id', 'email', 'jwt_id as subject', 'created_at as createdAt'])
    .select(ENDED_AT.as('endedAt'))
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** Reads the company's people and money as they are now. @param at the moment up to which everything has happened */
export async function readWorld(db: Kysely<HostTables>, company: Company, at: number): Promise<World> {
  const rows = await readAccounts(db);
  const subscriptions = await readSubscriptions(db, null, at);
  const admins = adminCitizens(company);
  const others = rows
    .filter(({ id }) => !isAdmin(id))
    .map(({ id, subject, createdAt, endedAt }) => {
      const paid = (subscriptions.get(id) ?? []).map(({ tier, createdAt: from, canceledAt: to }) => ({ tier, from, to }));
      return citizenOf(personFrom(id, createdAt.getTime()), subject, endedAt?.getTime() ?? null, paid);
    });
  const citizens = [...admins, ...others];
  const byId = new Map(citizens.map((citizen) => [citizen.person.id, citizen]));
  return {
    company,
    citizens,
    byId,
    taken: new Set(rows.map(({ email }) => email.toLowerCase())),
    plans: new Map(),
    agenda: await billingAgenda(db, company, byId, subscriptions, at),
  };
}

/** The plan of a day; the first call for a day works it out. */
export function planOfDay(world: World, day: number): DayPlan {
  const known = world.plans.get(day);
  if (known !== undefined) {
    return known;
  }
  const plan = { arrivals: arrivalsOn(world.company, day), sessions: sessionsOfDay(world.company, world.citizens, day) };
  world.plans.set(day, plan);
  return plan;
}

/** Sessions that are open at some moment after `from` and up to `to`, starting with yesterday's. */
export function sessionsBetween(world: World, from: number, to: number): Session[] {
  const sessions: Session[] = [];
  for (let day = dayOf(from - DAY); day <= dayOf(to); day += 1) {
    for (const session of planOfDay(world, day).sessions) {
      if (session.startsAt > to) {
        break;
      }
      if (session.endsAt > from || session.startsAt > from) {
        sessions.push(session);
      }
    }
  }
  return sessions;
}

/** Adds somebody who has just signed up, with the sessions they have in the days planned so far. */
export function settle(world: World, citizen: Citizen): void {
  if (world.byId.has(citizen.person.id)) {
    return;
  }
  world.citizens.push(citizen);
  world.byId.set(citizen.person.id, citizen);
  for (const [day, plan] of world.plans) {
    plan.sessions.push(...sessionsOfDay(world.company, [citizen], day));
    plan.sessions.sort((left, right) => left.startsAt - right.startsAt);
  }
}
