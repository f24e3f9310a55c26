// Engagement: who is active, how often they come back, how many sessions are open. Definitions D1 to D3.
import { defineCapability, TIERS } from './capability.ts';

export const ACTIVE_WINDOWS = ['1d', '7d', '30d'] as const;
export const PLATFORMS = ['desktop', 'web', 'mobile', 'unknown'] as const;
export const TIERS_AND_ALL = ['all', ...TIERS] as const;

/** Shown under every engagement panel; a change of the definition is a new version and an annotation (D1). */
export const QUALIFYING_EVENT = {
  version: 1,
  text: 'A session that starts or is used, a conversation created or a message sent. Admins, page loads and mails opened never count.',
} as const;

const metric = { source: 'exporter', type: 'gauge' } as const;

export const engagement = defineCapability({
  noun: 'engagement',
  title: 'Engagement',
  permissions: {
    'engagement:read': { description: 'See activity, stickiness and sessions.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_active_users', help: 'Users with at least one qualifying event in the trailing window (D1), by entitled tier; `all` is every tier.', labels: { window: ACTIVE_WINDOWS, tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_stickiness_ratio', help: 'Mean daily active users of the last 30 complete UTC days over the distinct users active on those days (D2); no series while there are none.', labels: { tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_sessions_active', help: 'Sessions that are not ended and not expired, by platform of the client.', labels: { platform: PLATFORMS } },
    { ...metric, name: 'admincenter_concurrent_users', help: 'Users whose session was used in the last 5 minutes, by entitled tier.', labels: { tier: TIERS_AND_ALL } },
    { ...metric, name: 'admincenter_session_duration_seconds', help: 'Duration of the sessions of the last 7 days in seconds, last activity minus start, gaps under 30 minutes merged (D3).', labels: { percentile: ['p50', 'p90'] } },
    { ...metric, name: 'admincenter_sessions_per_user', help: 'Sessions per active user in the trailing window (D3).', labels: { window: ['7d'] } },
  ],
  endpoints: {},
});
