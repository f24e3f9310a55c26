// zod pieces that several capabilities' endpoints share.
import { z } from 'zod';
import { ROLES, TIERS } from './capability.ts';

/** Any UUID that PostgreSQL takes; hosts also hold ids that are not of an RFC 9562 version. */
export const uuid = z.guid();
export const instant = z.iso.datetime({ offset: true }).describe('ISO 8601 instant with an offset or Z.').meta({ id: 'Instant' });
export const tier = z.enum(TIERS);
export const role = z.enum(ROLES);
export const currency = z.string().regex(/^[A-Z]{3}$/).describe('ISO 4217 code in upper case.');
export const amountMinor = z.number().int().describe('Money in minor units of its currency.');
/** The most anybody may ask for at once: sums over thousands of these are still whole numbers that JSON carries exactly. */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000;
export const amountAsked = amountMinor.positive().max(AMOUNT_MINOR_MAX, `Amounts go up to ${AMOUNT_MINOR_MAX} minor units.`);

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

/** One of the users behind a number; every drill-down answers a page of them. */
export const personRow = z.object({
  id: uuid,
  email: z.string().nullable().describe('Null where the host no longer knows the user.'),
  tier,
  lastSeenAt: instant.nullable(),
}).meta({ id: 'PersonRow' });
export type PersonRow = z.output<typeof personRow>;

/** Query strings carry booleans as text. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

export const SLO_STATES = ['met', 'burning', 'unknown'] as const;
const slo = z.object({
  name: z.string(),
  state: z.enum(SLO_STATES).describe('`burning` while an alert on the error budget fires; `unknown` when Prometheus does not answer.'),
  errorRatio: z.number().nullable().describe('Share of failed requests in the last hour; null without requests or without Prometheus.'),
});
export type Slo = z.output<typeof slo>;

/** Blast radius of a write, returned by its dry run and demanded back by the execution (M9). */
export const blastRadius = z.object({
  users: z.number().int().describe('How many users the write touches.'),
  tiers: z.partialRecord(tier, z.number().int()).describe('Those users by tier.'),
  mrr: z.array(z.object({ currency, amountMinor })).describe('Monthly recurring revenue of those users.'),
  sessions: z.number().int().describe('Live sessions that end.'),
  experiments: z.array(z.string()).describe('Keys of the running experiments the write touches.'),
  slo: slo.nullable().describe('The error budget as Prometheus knows it; null where the preview does not ask.'),
  approval: z.enum(['not_needed', 'needed']).describe('Whether another admin has to approve the write first (S16).'),
  warnings: z.array(z.string()),
  token: z.string().describe('Send it back as `previewToken`; the write answers 409 when the set has changed since.'),
}).meta({ id: 'BlastRadius' });
export type BlastRadius = z.output<typeof blastRadius>;
