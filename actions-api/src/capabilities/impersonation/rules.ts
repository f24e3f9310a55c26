// The action table of the host, as its adapter states it (S2).
import { ACTION_CLASSES, type ImpersonationRule } from '@admin-center/contracts/impersonation';
import { sql } from 'kysely';
import type { Queryable } from '../../platform/database.ts';

export async function readRules(database: Queryable): Promise<ImpersonationRule[]> {
  const { rows } = await sql<{ action_class: ImpersonationRule['actionClass']; title: string; methods: string[]; path: string; decision: ImpersonationRule['decision'] }>`
    SELECT action_class, title, methods, path, decision FROM admin_center.impersonation_rule ORDER BY position
  `.execute(database);
  return rows.map(({ action_class, ...row }) => ({ actionClass: action_class, ...row }));
}

/** A class that a host reports and nobody knows is a change like others: hosts may be older or newer than we are. */
export const knownClass = (name: string | null): (typeof ACTION_CLASSES)[number] | null =>
  name === null ? null : (ACTION_CLASSES.find((known) => known === name) ?? 'change');
