// Core: who is asking, how each part of the product is doing, and what the adapter found in the host's database.
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { keyEndpoints } from './core-keys.ts';
import { instant, role, uuid } from './fields.ts';

/** Names of the exporter's collectors; one per capability that has metrics. */
export const COLLECTORS = ['core', 'users', 'engagement', 'subscriptions', 'impersonation', 'flags', 'promotions', 'audit', 'conversion', 'distribution'] as const;

export const PARTS = ['database', 'worker', 'exporter', 'prometheus', 'alertmanager', 'grafana-annotations'] as const;

export const me = z.object({
  user: z.object({ id: uuid.nullable(), email: z.string(), name: z.string().nullable() }),
  roles: z.array(role),
  permissions: z.array(z.string()),
});
export type Me = z.output<typeof me>;

export const part = z.object({
  name: z.enum(PARTS),
  state: z.enum(['up', 'down', 'not_configured']),
  detail: z.string().describe('Version, age or error: what an operator would ask next.'),
  checkedAt: instant,
});

export const probe = z.object({
  name: z.string().describe('Host table or column, e.g. `user_sessions.jwt_token_hash`.'),
  kind: z.enum(['table', 'column', 'extension', 'database']),
  found: z.boolean(),
  detail: z.string().describe('What it is used for and what is missing without it.'),
});

/** Classes of HTTP status, by their first digit. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
/** Routes of hosts that get a series of their own; all further ones are `other`. */
export const HOST_ROUTES_MAX = 150;

const metric = { source: 'exporter' } as const;

export const core = defineCapability({
  noun: 'core',
  title: 'Core',
  permissions: {
    'core:read': { description: 'See the health of the parts and what the host adapter found.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
    'core:write': { description: 'Make, rotate and revoke project keys.', roles: ['super_admin'] },
  },
  metrics: [
    { ...metric, name: 'admincenter_collector_success', type: 'gauge', help: '1 when the last run of a collector succeeded, 0 when it failed or timed out.', labels: { collector: COLLECTORS } },
    { ...metric, name: 'admincenter_snapshot_timestamp_seconds', type: 'gauge', help: 'Unix time of the last successful run of a collector; its series are as old as this.', labels: { collector: COLLECTORS } },
    { ...metric, name: 'admincenter_snapshot_duration_seconds', type: 'gauge', help: 'How long the last run of a collector took, in seconds.', labels: { collector: COLLECTORS } },
    { ...metric, name: 'admincenter_snapshot_interval_seconds', type: 'gauge', help: 'How often a collector runs, in seconds.', labels: { collector: COLLECTORS } },
    { ...metric, name: 'admincenter_label_overflows_total', type: 'counter', help: 'Samples folded into `other` because their label already had its maximum of values, by collector.', labels: { collector: COLLECTORS } },
    { ...metric, name: 'admincenter_host_probe_found', type: 'gauge', help: '1 when an optional table, column or extension of the host database is there, 0 when the adapter works without it.', labels: { probe: { max: 40 } } },
    { source: 'actions-api', name: 'admincenter_host_requests_total', type: 'counter', help: 'Requests that host applications answered, as they report them, by route template and class of status.', labels: { route: { max: HOST_ROUTES_MAX }, status: STATUS_CLASSES } },
    { source: 'actions-api', name: 'admincenter_host_request_seconds_total', type: 'counter', help: 'Seconds that host applications took for those requests, by route template.', labels: { route: { max: HOST_ROUTES_MAX } } },
  ],
  endpoints: {
    me: { method: 'GET', path: '/api/v1/me', permission: null, summary: 'Who am I, and what may I do.', response: me },
    parts: { method: 'GET', path: '/api/v1/core/parts', permission: 'core:read', summary: 'Health of each part of the product.', response: z.object({ items: z.array(part) }) },
    probes: { method: 'GET', path: '/api/v1/core/probes', permission: 'core:read', summary: 'What the host adapter found and did not find.', response: z.object({ items: z.array(probe) }) },
    ...keyEndpoints,
  },
});
