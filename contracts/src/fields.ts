// zod pieces that several capabilities' endpoints share.
import { z } from 'zod';
import { ROLES, TIERS } from './capability.ts';

/** Any UUID that PostgreSQL takes; hosts also hold ids that are not of an RFC 9562 version. */
export const uuid = z.guid();
export const instant = z.iso.datetime({ offset: true }).describe('ISO 8601 instant with an offset or Z.');
export const tier = z.enum(TIERS);
export const role = z.enum(ROLES);
export const currency = z.string().regex(/^[A-Z]{3}$/).describe('ISO 4217 code in upper case.');
export const amountMinor = z.number().int().describe('Money in minor units of its currency.');

/** Why an admin does something; kept in the audit log beside the action. */
export const reason = z
  .string()
  .trim()
  .min(10, 'Say why in at least 10 characters.')
  .max(500)
  .describe('Why this is done; shown in the audit log.');

export const page = {
  cursor: z.string().max(500).optional().describe('The `nextCursor` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};

/** A page of a list. `nextCursor` is null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Query strings carry booleans as text. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** Blast radius of a write, returned by its dry run and demanded back by the execution (M9). */
export const blastRadius = z.object({
  users: z.number().int().describe('How many users the write touches.'),
  tiers: z.partialRecord(tier, z.number().int()).describe('Those users by tier.'),
  mrr: z.array(z.object({ currency, amountMinor })).describe('Monthly recurring revenue of those users.'),
  sessions: z.number().int().describe('Live sessions that end.'),
  warnings: z.array(z.string()),
  token: z.string().describe('Send it back as `previewToken`; the write answers 409 when the set has changed since.'),
});
export type BlastRadius = z.output<typeof blastRadius>;
