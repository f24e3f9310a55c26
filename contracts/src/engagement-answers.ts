// What the endpoints of engagement answer: activity by day, lifecycle, retention, sessions, features, definitions.
import { z } from 'zod';
import { TIERS } from './capability.ts';
import { blastRadius, instant, pageOf, personRow, tier } from './fields.ts';

export const INTERVALS = ['day', 'week', 'month'] as const;
export const LIFECYCLE_STATES = ['new', 'returning', 'resurrected', 'dormant'] as const;
export const RETENTION_MODES = ['bounded', 'unbounded'] as const;
export const RETENTION_BASES = ['calendar', 'own'] as const;
/** What days can be split by; `all` is no split. */
export const ACTIVITY_SPLITS = ['all', 'tier', 'platform', 'country'] as const;
export const FEATURE_WINDOWS = ['1d', '7d', '30d'] as const;

const count = z.number().int();
const ratio = z.number().nullable();
export const day = z.iso.date().describe('UTC day.');

/** Shown under every panel (D1): the version and the text of what counts. */
const definedBy = z.object({ version: count, text: z.string() });

export const definition = z.object({
  version: count,
  mode: z.enum(['all_except', 'only']).describe('`all_except`: every track event but those named; `only`: those named and no other.'),
  events: z.array(z.string()),
  text: z.string().describe('The definition in a sentence.'),
  since: instant.nullable().describe('Effective from; null for what the product came with. Earlier events keep the judgement of their time.'),
  createdBy: z.string(),
  reason: z.string(),
}).meta({ id: 'QualifyingDefinition' });
export type Definition = z.output<typeof definition>;

/** How many users a definition would make active, beside the one in force. */
export const definitionPreview = z.object({
  windows: z.array(z.object({ days: count, users: count, usersNow: count.describe('Under the definition in force when the events arrived.') })),
  unknownEvents: z.array(z.string()).describe('Names that no event of the last 30 days has.'),
  version: count.describe('Version in force; send it back, so that a change in between is noticed.'),
});
export type DefinitionPreview = z.output<typeof definitionPreview>;

export const erasurePreview = blastRadius.extend({
  events: count.describe('Events of the user and of the visitors who turned out to be the user.'),
  days: count.describe('UTC days they are of.'),
  visitors: count.describe('Visitors who turned out to be the user.'),
  since: instant.nullable().describe('The first of the events.'),
  erasedBefore: z.boolean().describe('The activity was erased before; what came in since was dropped.'),
});
export type ErasurePreview = z.output<typeof erasurePreview>;

const activityDay = z.object({
  day,
  complete: z.boolean().describe('False for today, which is not over.'),
  dau: count.nullable().describe('Null where 1 to 4 users of a country were active: they could be recognised.'),
  wau: count.nullable().describe('Distinct users of the 7 days up to and with this one; null as `dau`.'), mau: count.nullable().describe('Of the 30 days; null as `dau`.'),
  stickiness: ratio.describe('D2: mean DAU of these 30 complete days over their distinct users; null today, and of countries.'),
});
export const activity = z.object({
  definition: definedBy,
  split: z.enum(ACTIVITY_SPLITS),
  series: z.array(z.object({ value: z.string(), days: z.array(activityDay) })).describe('The 12 largest values by their users of the last 30 days; values with fewer than 5 users are left out.'),
});
export type Activity = z.output<typeof activity>;

export const lifecycle = z.object({
  definition: definedBy,
  interval: z.enum(INTERVALS),
  items: z.array(z.object({
    startsOn: day,
    complete: z.boolean(),
    new: count, returning: count, resurrected: count,
    dormant: count.describe('Active in the interval before and not in this one.'),
    active: count.describe('new + returning + resurrected (D5).'),
    churn: ratio.describe('Churn of activity: dormant over active in the interval before; null while the interval is not over.'),
  })),
});
export type Lifecycle = z.output<typeof lifecycle>;

export const retention = z.object({
  definition: definedBy,
  source: z.enum(['rollup', 'stream']).describe('`rollup`: kept exact with every event. `stream`: computed now for this pair of events, from the events of the range only.'),
  mode: z.enum(RETENTION_MODES),
  basis: z.enum(RETENTION_BASES),
  interval: z.enum(INTERVALS),
  cohorts: z.array(z.object({
    cohort: day,
    users: count,
    cells: z.array(z.object({ n: count, users: count.nullable(), ratio })).describe('Null where the n-th interval of the cohort has not ended (D4).'),
  })),
  overall: z.array(z.object({ n: count, users: count, of: count, ratio })).describe('Over the cohorts whose n-th interval has ended, weighted by their users.'),
}).meta({ id: 'Retention' });
export type Retention = z.output<typeof retention>;

export const sessions = z.object({
  sessions: count,
  users: count.describe('Distinct users are not added over days: user-weeks of the complete weeks in the range.'),
  p50Seconds: count.nullable(),
  p90Seconds: count.nullable(),
  singleEventShare: ratio.describe('Share of sessions that last less than a second: one event, or several at once. They are kept (D3).'),
  histogram: z.array(z.object({ fromSeconds: count, toSeconds: count.nullable(), sessions: count })),
  perUserWeek: z.object({ p50: count.nullable(), p90: count.nullable() }).describe('Sessions that a user starts in a week in which they are active.'),
  activeDays: z.array(z.object({ days: count, users: count })).describe('Active-days histogram: users by the days of a week on which they were active, over the complete weeks in the range.'),
  weeks: z.array(day).describe('The complete weeks in the range, from Monday.'),
});
export type Sessions = z.output<typeof sessions>;

const reach = z.object({
  users: count.describe('Who used it in the window.'),
  eligible: count.describe('Who was active in the window and may use it by tier and flag.'),
  reach: ratio.describe('users / eligible; null where nobody may use it.'),
  uses: count,
  intensity: ratio.describe('Uses per user.'),
});
export const feature = z.object({
  key: z.string(),
  title: z.string(),
  tiers: z.array(tier).describe('Tiers that may use it.'),
  events: z.array(z.string()).describe('Track events that are a use of it, besides those with the property `feature`.'),
  flag: z.string().nullable(),
  served: z.number().min(0).max(1).describe('Share of users the flag serves; 1 without a flag. Eligible users are estimated with it.'),
  inCatalogue: z.boolean().describe('False: used, but nobody described it; every tier is taken to be eligible.'),
  total: reach,
  tiersUse: z.array(reach.extend({ tier: z.enum(TIERS) })),
});
export type Feature = z.output<typeof feature>;
export const features = z.object({ days: count, from: day, to: day, items: z.array(feature) });

export const atRiskRow = personRow.extend({ lastActiveAt: instant, activeWeeks: count.describe('Of the 12 weeks before they went quiet.') });
export type AtRiskRow = z.output<typeof atRiskRow>;
export const atRisk = pageOf(atRiskRow);

export const eventNames = z.object({ items: z.array(z.object({ name: z.string(), events: count, qualifies: z.boolean().describe('Under the definition in force.') })) });
