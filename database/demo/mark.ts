// How a database says that it holds the demo company: a mark in `users.metadata`, and the company's plan in Ada's row.
import { sql, type Kysely } from 'kysely';
import { z } from 'zod';
import { createCompany, type Company } from './company.ts';
import { iso } from './calendar.ts';
import type { HostTables } from './tables.ts';

/** Every demo row of `users` carries it; loading and simulating refuse a database with rows that do not. */
export const DEMO_MARK = { demo: 'acme' } as const;

const planSchema = z.object({ seed: z.number(), users: z.number(), days: z.number(), loadedAt: z.iso.datetime() });

/** The metadata of the row that carries the plan. */
export function planOf(company: Company): Record<string, unknown> {
  return { ...DEMO_MARK, plan: { seed: company.seed, users: company.users, days: company.days, loadedAt: iso(company.loadedAt) } };
}

/**
 * The company a database was loaded with, or null when it holds none.
 * Takes any Kysely over the host's database; reads one row by its unique e-mail.
 */
export async function readCompany(db: Kysely<HostTables>): Promise<Company | null> {
  const { rows } = await sql<{ plan: unknown }>`
    SELECT metadata -> 'plan' AS plan
    FROM public.users
    WHERE email = 'ada.okafor@acme.example' AND metadata ->> 'demo' = ${DEMO_MARK.demo}`.execute(db);
  if (rows[0]?.plan === undefined || rows[0].plan === null) {
    return null;
  }
  const plan = planSchema.parse(rows[0].plan);
  return createCompany({ ...plan, now: Date.parse(plan.loadedAt) });
}
