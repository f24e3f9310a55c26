// The app's pages: one row each gives the page its URL, its entry in the navigation and the permission it needs.
// Plain data, read by the app and by the generator of plugin.json.
import { PLUGIN_ID } from './plugin-id.ts';

export interface PageRoute {
  /** Last part of the URL; a capability's noun where the page belongs to one. */
  readonly path: string;
  readonly title: string;
  readonly subTitle: string;
  /** Contract permission the whole page needs; null when parts of it decide for themselves. */
  readonly permission: string | null;
}

export const ROUTES = {
  overview: { path: 'overview', title: 'Overview', subTitle: 'How the business is doing, and what admins did about it.', permission: 'core:read' },
  users: { path: 'users', title: 'Users', subTitle: 'Find a user, see everything known about them, act.', permission: 'users:read' },
  impersonation: { path: 'impersonation', title: 'Impersonation', subTitle: 'See the product as a user sees it: for a reason, for minutes, with everything recorded.', permission: 'impersonation:read' },
  promotions: { path: 'promotions', title: 'Promotions', subTitle: 'Coupons, codes, campaigns and referrals: what they cost and what they bring.', permission: 'promotions:read' },
  flags: { path: 'flags', title: 'Flags', subTitle: 'Who is served what, changed within a second and taken back as fast.', permission: 'flags:read' },
  engagement: { path: 'engagement', title: 'Engagement', subTitle: 'Who is active, how often they come back, how long they stay.', permission: 'engagement:read' },
  conversion: { path: 'conversion', title: 'Conversion', subTitle: 'Who becomes a paying user, through which steps, and how long it takes.', permission: 'conversion:read' },
  distribution: { path: 'distribution', title: 'Distribution', subTitle: 'Where users are and what they use: countries, platforms, devices, systems, browsers, versions.', permission: 'distribution:read' },
  subscriptions: { path: 'subscriptions', title: 'Revenue', subTitle: 'Recurring revenue, what moves it, and the payments behind it.', permission: 'subscriptions:read' },
  audit: { path: 'audit', title: 'Audit', subTitle: 'Every admin action, in a chain of hashes that shows tampering.', permission: 'audit:read' },
  configuration: { path: 'configuration', title: 'Configuration', subTitle: 'The connection, the health of each part, and what was found in the database.', permission: null },
} as const satisfies Record<string, PageRoute>;

export const APP_URL = `/a/${PLUGIN_ID}`;
/** Where a Grafana admin enters the API's address and token. */
export const SETTINGS_URL = `/plugins/${PLUGIN_ID}`;

export const pageUrl = (page: keyof typeof ROUTES): string => `${APP_URL}/${ROUTES[page].path}`;
export const userUrl = (userId: string): string => `${pageUrl('users')}/${encodeURIComponent(userId)}`;
export const flagUrl = (key: string): string => `${pageUrl('flags')}/${encodeURIComponent(key)}`;
/** The audit log narrowed to one target, with one entry open; entries may be years old. */
export const auditEntryUrl = (sequence: number, targetId: string): string => `${pageUrl('audit')}?targetId=${encodeURIComponent(targetId)}&entry=${sequence}&from=now-10y&to=now`;
