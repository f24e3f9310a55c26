// Where planned changes are kept.
import type { FlagDetail } from '@admin-center/contracts/flags';
import { sql } from 'kysely';
import type { Actor } from '../../platform/context.ts';
import type { Queryable, Tx } from '../../platform/database.ts';
import { actorOf } from './versions.ts';

export type Plan = FlagDetail['planned'][number];

interface PlanRow {
  readonly id: string;
  readonly at: Date;
  readonly effect: Plan['effect'];
  readonly reason: string;
  readonly actor_subject: string;
  readonly email: string | null;
  readonly created_at: Date;
  readonly state: Plan['state'];
  readonly note: string | null;
}

const SHOWN = 50;

/** Those to come first, then the newest of the others. */
export async function readPlans(database: Queryable, key: string): Promise<Plan[]> {
  const { rows } = await sql<PlanRow>`
    SELECT p.id, p.at, p.effect, p.reason, p.actor_subject, a.email, p.created_at, p.state, p.note
    FROM admin_center.flag_plan p LEFT JOIN admin_center.account a ON a.user_id = p.actor_id
    WHERE p.flag = ${key} ORDER BY p.state = 'planned' DESC, CASE WHEN p.state = 'planned' THEN p.at END, p.at DESC LIMIT ${SHOWN}
  `.execute(database);
  return rows.map((row) => ({
    id: row.id, at: row.at.toISOString(), effect: row.effect, reason: row.reason, by: actorOf(row.actor_subject, row.email), createdAt: row.created_at.toISOString(), state: row.state, note: row.note,
  }));
}

interface PlanMaker {
  readonly actor: Actor;
  readonly reason: string;
  readonly foreseen: string;
}

export async function insertPlan(tx: Tx, key: string, { at, effect }: Pick<Plan, 'at' | 'effect'>, { actor, reason, foreseen }: PlanMaker): Promise<void> {
  await sql`
    INSERT INTO admin_center.flag_plan (flag, at, effect, reason, actor_subject, actor_id, foreseen)
    VALUES (${key}, ${at}, ${JSON.stringify(effect)}::jsonb, ${reason}, ${actor.subject}, ${actor.userId}, ${foreseen})
  `.execute(tx);
}

/** What other plans will have done by a time, in the order of their times. */
export async function readEffectsUntil(database: Queryable, key: string, at: string): Promise<Plan['effect'][]> {
  const { rows } = await sql<Pick<Plan, 'effect'>>`SELECT effect FROM admin_center.flag_plan WHERE flag = ${key} AND state = 'planned' AND at <= ${at} ORDER BY at, created_at`.execute(database);
  return rows.map(({ effect }) => effect);
}

/** @returns false when it is not planned any more */
export async function endPlan(tx: Tx, key: string, id: string, state: Exclude<Plan['state'], 'planned'>, note: string | null): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE admin_center.flag_plan SET state = ${state}, note = ${note} WHERE id = ${id} AND flag = ${key} AND state = 'planned'
  `.execute(tx);
  return numAffectedRows === 1n;
}

export interface DuePlan {
  readonly id: string;
  readonly flag: string;
  readonly effect: Plan['effect'];
  readonly reason: string;
  readonly foreseen: string | null;
}

/** In the order of their times. */
export async function readDue(database: Queryable, now: Date): Promise<DuePlan[]> {
  const { rows } = await sql<DuePlan>`SELECT id, flag, effect, reason, foreseen FROM admin_center.flag_plan WHERE state = 'planned' AND at <= ${now} ORDER BY at, created_at LIMIT 100`.execute(database);
  return rows;
}
