// Conversion: who becomes a paying user, through which steps, and how long it takes (D9, D10, D22).
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { experimentEndpoints, experimentMetrics } from './conversion-experiments.ts';
import {
  EVENT_NAMES_CAP, eventNames, FUNNEL_BREAKDOWNS, FUNNEL_LABEL_CAP, FUNNEL_OUTCOMES, FUNNEL_STEPS_CAP, FUNNEL_STATES, funnelChange, funnelChangePreview, funnelDefinition, funnelKey, funnelPreview, funnelResult,
  funnelSummary, funnelVersion, MAX_STEPS,
} from './conversion-funnels.ts';
import { instant, page, pageOf, personRow, reason } from './fields.ts';

/** `7d` and `30d`: of those who entered in so many days, the present UTC day with them, so far; `elapsed`: of those whose window ran out in the last 30 days. */
export const FUNNEL_WINDOWS = ['7d', '30d', 'elapsed'] as const;
export const CONVERSION_COHORTS = ['period_30d', 'signup_matured_30d'] as const;
export const CONVERSION_SPLITS = ['none', 'tier', 'country', 'source', 'feature'] as const;
export const FROM_TIERS = ['free', 'premium'] as const;
export const TO_TIERS = ['premium', 'enterprise'] as const;
const STEPS = Array.from({ length: MAX_STEPS }, (_, index) => String(index + 1));

const day = z.iso.date().describe('UTC day.');
const users = z.number().int();
const rate = z.object({ value: z.string().nullable().describe('Null for everybody.'), users, converted: users, ratio: z.number().nullable() });
const cohort = z.object({ month: day, users, converted: users, ratio: z.number().nullable(), matured: z.boolean().describe('Whether everybody in it has had the time to convert; others have no ratio.') });
export const conversionRates = z.object({
  from: day, to: day, asOf: instant,
  fromTier: z.enum(FROM_TIERS), toTier: z.enum(TO_TIERS).nullable(), matureDays: users, split: z.enum(CONVERSION_SPLITS),
  period: z.object({ total: rate, groups: z.array(rate) }).describe('Whose first paid period started in the days, over who had the tier at their beginning.'),
  cohort: z.object({ total: rate, groups: z.array(rate), cohorts: z.array(cohort) }).describe('Of those who signed up in the days and whose time has passed, who paid within it.'),
}).meta({ id: 'ConversionRates' });
export type ConversionRates = z.output<typeof conversionRates>;

const metric = { source: 'exporter', type: 'gauge' } as const;
const funnelLabel = { max: FUNNEL_LABEL_CAP } as const;
const read = { method: 'GET', permission: 'conversion:read' } as const;
const write = { permission: 'conversion:write' } as const;
const params = z.object({ key: funnelKey });
const days = { from: day, to: day.describe('UTC day, itself with it.') };
const version = z.number().int().min(1).describe('The version the change was made from; 409 with the present funnel when there is a newer one.');
const previewToken = z.string().optional().describe('The `token` of the preview; 409 with the new preview when it would touch others by now.');
const written = z.object({ funnel: funnelSummary, auditSequence: users, message: z.string() });

export const conversion = defineCapability({
  noun: 'conversion',
  title: 'Conversion',
  permissions: {
    'conversion:read': { description: 'See conversion rates, funnels and how long conversion takes.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'conversion:write': { description: 'Define, change, archive and delete funnels.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_funnel_conversion_ratio', help: 'Share of the persons who entered a funnel that reached a step (D9), by when they entered: `7d` and `30d` count the trailing UTC days, the present one with them, and what happened so far, `elapsed` those whose window ran out in the last 30 days, so nobody is pending.', labels: { funnel: funnelLabel, step: STEPS, window: FUNNEL_WINDOWS }, maxSeries: 3 * FUNNEL_STEPS_CAP },
    { ...metric, name: 'admincenter_funnel_entered_users', help: 'Persons who entered a funnel in the trailing window (D9); a person counts once.', labels: { funnel: funnelLabel, window: FUNNEL_WINDOWS }, maxSeries: 1.5 * FUNNEL_STEPS_CAP },
    { ...metric, name: 'admincenter_time_to_conversion_seconds', help: 'Seconds from the entry of a funnel to its last step, over those who converted of the persons whose window ran out in the last 30 days (D10).', labels: { funnel: funnelLabel, percentile: ['p50', 'p90'] }, maxSeries: FUNNEL_STEPS_CAP },
    { ...metric, name: 'admincenter_conversion_ratio', help: 'Users who started to pay for a tier (D22): `period_30d` is first paid periods of the last 30 days over the users who had the tier before at their beginning, `signup_matured_30d` is those who paid within 30 days of their sign-up, over the sign-ups of 30 to 60 days ago.', labels: { from_tier: FROM_TIERS, to_tier: TO_TIERS, cohort: CONVERSION_COHORTS } },
    ...experimentMetrics,
  ],
  endpoints: {
    ...experimentEndpoints,
    rates: {
      ...read, path: '/api/v1/conversion/rates', summary: 'Who started to pay: in the days, over those who did not at their beginning; and by sign-up cohort, matured ones only.',
      query: z.object({
        ...days, fromTier: z.enum(FROM_TIERS).default('free'), toTier: z.enum(TO_TIERS).optional(),
        split: z.enum(CONVERSION_SPLITS).default('none'), matureDays: z.coerce.number().int().min(1).max(180).default(30).describe('How long after the sign-up somebody may take to convert.'),
      }),
      response: conversionRates,
    },
    listFunnels: { ...read, path: '/api/v1/conversion/funnels', summary: 'Funnels by key.', query: z.object({ q: z.string().trim().max(200).optional(), state: z.enum(FUNNEL_STATES).optional(), ...page }), response: pageOf(funnelSummary) },
    getFunnel: { ...read, path: '/api/v1/conversion/funnels/:key', summary: 'One funnel, and how far its past is worked out.', params, response: funnelSummary },
    funnelHistory: { ...read, path: '/api/v1/conversion/funnels/:key/history', summary: 'Versions of a funnel, newest first.', params, query: z.object(page), response: pageOf(funnelVersion) },
    funnelResult: { ...read, path: '/api/v1/conversion/funnels/:key/result', summary: 'Who entered in the days and how far they came, with the time it took.', params, query: z.object({ ...days, breakdown: z.enum(FUNNEL_BREAKDOWNS).default('none') }), response: funnelResult },
    funnelCsv: { ...read, path: '/api/v1/conversion/funnels/:key/result.csv', summary: 'The result as a table of groups and steps.', params, query: z.object({ ...days, breakdown: z.enum(FUNNEL_BREAKDOWNS).default('none') }), response: 'text/csv' },
    funnelUsers: {
      ...read, path: '/api/v1/conversion/funnels/:key/users', summary: 'The persons behind a bar. Needs users:read too.', params,
      query: z.object({
        ...days, step: z.coerce.number().int().min(1).max(MAX_STEPS), outcome: z.enum(FUNNEL_OUTCOMES).default('reached').describe('Reached the step; or reached it and not the next, dropped or pending.'),
        breakdown: z.enum(FUNNEL_BREAKDOWNS).default('none'), value: z.string().max(100).optional(), ...page,
      }),
      response: pageOf(personRow),
    },
    eventNames: { ...read, path: '/api/v1/conversion/event-names', summary: `What events, page views and screens were called in the last 30 days, the ${EVENT_NAMES_CAP} most frequent: what a step may be about.`, response: eventNames },
    previewFunnel: { method: 'POST', reads: true, permission: 'conversion:read', path: '/api/v1/conversion/query/funnel-preview', summary: 'What a definition that is not kept gives for the entries of the last days.', body: z.object({ definition: funnelDefinition, days: z.number().int().min(1).max(30).default(7) }), response: funnelPreview },
    previewFunnelChange: { method: 'POST', reads: true, ...write, path: '/api/v1/conversion/funnels/:key/change-preview', summary: 'What a change of a funnel forgets or works out again.', params, body: z.object({ change: funnelChange }), response: funnelChangePreview },
    createFunnel: { method: 'POST', ...write, audit: 'conversion.funnel_create', path: '/api/v1/conversion/funnels/:key', summary: 'Define a funnel; its past is worked out by a job.', params, body: z.object({ definition: funnelDefinition, reason }), response: written },
    updateFunnel: { method: 'PUT', ...write, audit: 'conversion.funnel_update', path: '/api/v1/conversion/funnels/:key', summary: 'Change a funnel; where that changes who entered, its past is worked out again.', params, body: z.object({ definition: funnelDefinition, reason, version, previewToken }), response: written },
    setFunnelState: { method: 'POST', ...write, audit: 'conversion.funnel_state', path: '/api/v1/conversion/funnels/:key/state', summary: 'Archive a funnel, which forgets its entries, or bring it back.', params, body: z.object({ state: z.enum(FUNNEL_STATES), reason, version, previewToken }), response: written },
    deleteFunnel: { method: 'POST', ...write, audit: 'conversion.funnel_delete', path: '/api/v1/conversion/funnels/:key/delete', summary: 'Delete an archived funnel with its versions; the audit log keeps them.', params, body: z.object({ reason, version, previewToken }), response: z.object({ auditSequence: users, message: z.string() }) },
  },
});
