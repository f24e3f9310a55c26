// Engagement: who is active, how often they come back, what they use, how long they stay. Definitions D1 to D5.
import { z } from 'zod';
import { defineCapability, TIERS } from './capability.ts';
import {
  activity, ACTIVITY_SPLITS, atRisk, day, definition, definitionPreview, erasurePreview, eventNames, feature, features, FEATURE_WINDOWS, INTERVALS,
  lifecycle, LIFECYCLE_STATES, retention, RETENTION_BASES, RETENTION_MODES, sessions,
} from './engagement-answers.ts';
import { eventMetrics } from './engagement-events.ts';
import { page, pageOf, personRow, reason, tier, uuid } from './fields.ts';

export const ACTIVE_WINDOWS = ['1d', '7d', '30d'] as const;
export const PLATFORMS = ['desktop', 'web', 'mobile', 'unknown'] as const;
export const TIERS_AND_ALL = ['all', ...TIERS] as const;
/** Configured features that have series of their own; the rest is `other`. */
const FEATURES = { max: 200 } as const;
/** Retention is asked on these days. */
export const RETENTION_DAYS = ['1', '7', '30'] as const;

const metric = { source: 'exporter', type: 'gauge' } as const;
const read = { method: 'GET', permission: 'engagement:read' } as const;

const eventName = z.string().trim().min(1).max(100);
const featureKey = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'Lower-case letters, digits, dots, dashes and underscores; at most 60.');
const range = { from: day, to: day };
const cohortOf = {
  basis: z.enum(RETENTION_BASES).default('calendar').describe('`calendar`: UTC days, weeks from Monday, months. `own`: 24 hours, 7 or 30 times 24 hours from each user\'s own start.'),
  interval: z.enum(INTERVALS).default('week'),
  mode: z.enum(RETENTION_MODES).default('bounded').describe('`bounded`: active in the n-th interval. `unbounded`: in the n-th or a later one.'),
  eventIn: eventName.optional().describe('Event that starts; without it the first qualifying event.'),
  eventBack: eventName.optional().describe('Event that counts as coming back; without it any qualifying event.'),
};
const judged = { mode: definition.shape.mode, events: z.array(eventName).max(200) };

export const engagement = defineCapability({
  noun: 'engagement',
  title: 'Engagement',
  permissions: {
    'engagement:read': { description: 'See activity, retention, features and sessions.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'engagement:erase': { description: 'Erase what a user did, for good.', roles: ['super_admin'] },
    'engagement:write': { description: 'Change what makes a user active, and the catalogue of features.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_active_users', help: 'Users with at least one qualifying event in the trailing window (D1), by entitled tier; `all` is every tier.', labels: { window: ACTIVE_WINDOWS, tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_stickiness_ratio', help: 'Mean daily active users of the last 30 complete UTC days over the distinct users active on those days (D2), by tier at the time of the event; no series while there are none.', labels: { tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_sessions_active', help: 'Sessions that are not ended and not expired, by platform of the client.', labels: { platform: PLATFORMS } },
    { ...metric, name: 'admincenter_concurrent_users', help: 'Users whose session was used in the last 5 minutes, by entitled tier.', labels: { tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_session_duration_seconds', help: 'Duration in seconds of the sessions that started on the last 7 complete UTC days, last event minus first (D3).', labels: { percentile: ['p50', 'p90'] } },
    { ...metric, name: 'admincenter_session_single_event_ratio', help: 'Share of the sessions that started on the last 7 complete UTC days and last less than a second: one event, or several at once (D3).', labels: {} },
    { ...metric, name: 'admincenter_sessions_per_user', help: 'Sessions that started on the last 7 complete UTC days over the users active on those days (D3).', labels: { window: ['7d'] } },
    { ...metric, name: 'admincenter_feature_active_users', help: 'Users who used the feature on the last 1, 7 or 30 complete UTC days.', labels: { feature: FEATURES, window: FEATURE_WINDOWS }, maxSeries: 540 },
    { ...metric, type: 'counter', name: 'admincenter_feature_uses_total', help: 'Uses of features by tier of the user, counted as their events are rolled up.', labels: { feature: FEATURES, tier: TIERS }, maxSeries: 540 },
    { ...metric, name: 'admincenter_retention_ratio', help: 'Users who came back on a day after their first, or on or after it (mode unbounded), over those who began on the 30 latest UTC days whose n-th day after has ended (D4).', labels: { day: RETENTION_DAYS, mode: RETENTION_MODES } },
    { ...metric, name: 'admincenter_lifecycle_users', help: 'Users of the last complete UTC day, week from Monday or month by where they come from (D5); dormant ones were active in the one before and not in this.', labels: { state: LIFECYCLE_STATES, window: INTERVALS } },
    ...eventMetrics,
  ],
  endpoints: {
    activity: {
      ...read, path: '/api/v1/engagement/activity', summary: 'DAU, WAU, MAU and stickiness by UTC day, whole or split.',
      query: z.object({ ...range, split: z.enum(ACTIVITY_SPLITS).default('all') }), response: activity,
    },
    lifecycle: { ...read, path: '/api/v1/engagement/lifecycle', summary: 'New, returning, resurrected and dormant users by interval, and churn of activity.', query: z.object({ ...range, interval: z.enum(INTERVALS).default('week') }), response: lifecycle },
    retention: {
      ...read, path: '/api/v1/engagement/retention', summary: 'Who came back, cohort by cohort. Any pair of events is computed from the stream within 190 days.',
      query: z.object({ ...cohortOf, cohorts: z.coerce.number().int().min(1).max(53).default(12).describe('So many cohorts up to the present one.') }), response: retention,
    },
    sessions: { ...read, path: '/api/v1/engagement/sessions', summary: 'How long sessions last and how often users start one.', query: z.object(range), response: sessions },
    features: { ...read, path: '/api/v1/engagement/features', summary: 'Reach and intensity of each feature among those who may use it.', query: z.object({ window: z.enum(FEATURE_WINDOWS).default('30d') }), response: features },
    setFeature: {
      method: 'PUT', path: '/api/v1/engagement/features/:key', permission: 'engagement:write', audit: 'engagement.feature_set',
      summary: 'Describe a feature: who may use it, behind which flag, which events are a use.',
      params: z.object({ key: featureKey }),
      body: z.object({ title: z.string().trim().min(1).max(100), tiers: z.array(tier).min(1).max(TIERS.length), events: z.array(eventName).max(50), flag: z.string().max(100).nullable(), reason }),
      response: z.object({ feature: feature.pick({ key: true, title: true, tiers: true, events: true, flag: true }), auditSequence: z.number().int(), message: z.string() }),
    },
    atRisk: {
      ...read, path: '/api/v1/engagement/at-risk', summary: 'Users who were active in many weeks and went quiet. Needs users:read too.',
      query: z.object({
        quietDays: z.coerce.number().int().min(1).max(90).default(14).describe('No qualifying event for at least so many days.'),
        weeks: z.coerce.number().int().min(1).max(12).default(3).describe('Active in at least so many of the 12 weeks before.'),
        tier: tier.optional(),
        ...page,
      }),
      response: atRisk,
    },
    activeUsers: {
      ...read, path: '/api/v1/engagement/users/active', summary: 'The users behind a day of activity. Needs users:read too.',
      query: z.object({
        day, days: z.coerce.number().pipe(z.union([z.literal(1), z.literal(7), z.literal(30)])).default(1).describe('Of so many days up to and with this one.'),
        split: z.enum([...ACTIVITY_SPLITS, 'feature']).default('all'), value: z.string().max(100).default('all'), ...page,
      }),
      response: pageOf(personRow),
    },
    lifecycleUsers: {
      ...read, path: '/api/v1/engagement/users/lifecycle', summary: 'The users behind a bar of the lifecycle. Needs users:read too.',
      query: z.object({ interval: z.enum(INTERVALS), startsOn: day, state: z.enum(LIFECYCLE_STATES), ...page }), response: pageOf(personRow),
    },
    retentionUsers: {
      ...read, path: '/api/v1/engagement/users/retention', summary: 'The users behind a cell of retention. Needs users:read too.',
      query: z.object({ ...cohortOf, cohort: day, n: z.coerce.number().int().min(0).max(400), since: day.optional().describe('First cohort of the grid; for a pair of events, whose starts are looked for from there.'), ...page }), response: pageOf(personRow),
    },
    erasePreview: {
      method: 'GET', path: '/api/v1/engagement/persons/:userId/erase-preview', permission: 'engagement:erase',
      summary: 'What erasing the activity of a user would take away.', params: z.object({ userId: uuid }), response: erasurePreview,
    },
    erase: {
      method: 'POST', path: '/api/v1/engagement/persons/:userId/erase', permission: 'engagement:erase', audit: 'engagement.erase',
      summary: 'Erase the events of a user and of the visitors who turned out to be the user, take them out of every number, and drop what still comes in of them.',
      params: z.object({ userId: uuid }),
      body: z.object({ reason, previewToken: z.string().optional().describe('The `token` of the preview; 409 when something was erased or another visitor found since.') }),
      response: z.object({ events: z.number().int().describe('How many were erased.'), auditSequence: z.number().int(), message: z.string() }),
    },
    eventNames: { ...read, path: '/api/v1/engagement/events', summary: 'Track events of the last 30 days by how many there were, 500 at most.', response: eventNames },
    definitions: { ...read, path: '/api/v1/engagement/definition', summary: 'What makes a user active: every version, the one in force first.', response: z.object({ items: z.array(definition) }) },
    previewDefinition: {
      method: 'POST', reads: true, path: '/api/v1/engagement/definition/preview', permission: 'engagement:write',
      summary: 'Dry run: how many users a definition would have made active.', body: z.object(judged), response: definitionPreview,
    },
    setDefinition: {
      method: 'PUT', path: '/api/v1/engagement/definition', permission: 'engagement:write', audit: 'engagement.definition_set',
      summary: 'Put a new version in force for events that arrive from now on; the past is not rewritten.',
      body: z.object({ ...judged, version: z.number().int().describe('Version this one replaces; 409 when it is not in force any more.'), reason }),
      response: z.object({ definition, auditSequence: z.number().int(), message: z.string() }),
    },
  },
});
