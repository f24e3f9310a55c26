// Distribution: where users are and what they use: countries, regions, platforms, devices, systems, browsers, versions.
import { z } from 'zod';
import { defineCapability } from './capability.ts';
import { DIMENSIONS, GEOIP_RESULTS, PLATFORMS, WINDOWS } from './distribution-places.ts';
import { page, pageOf, personRow } from './fields.ts';

const metric = { source: 'exporter', type: 'gauge' } as const;
const read = { method: 'GET', permission: 'distribution:read' } as const;

export const COUNTRY_SERIES = 30;
export const CLIENT_FAMILIES = 12;
/** Cells of fewer users name people rather than describe them. */
export const LEAST_USERS = 5;

const day = z.iso.date().describe('A UTC day; by default the last complete one.');
const window = z.enum(WINDOWS).describe('So many UTC days up to and with `day`.');
const windowOf = { window: window.default('30d'), day: day.optional() };
const cell = z.string().regex(new RegExp(`^(${DIMENSIONS.join('|')}):.{1,80}$`), 'A dimension and a value, such as country:DE.').describe('A dimension and one of its values, such as `country:DE`.');
const country = z.string().regex(/^[A-Z]{2}$/, 'Two letters of ISO 3166-1.');

const users = z.number().int();
const breakdown = z.object({
  rows: z.array(z.object({ value: z.string(), users })).describe('Most users first. A user with several values counts in each.'),
  other: z.object({ values: z.number().int(), users: users.nullable() }).describe('Values that are too many to list or have fewer than 5 users; users is null below 5.'),
}).meta({ id: 'Breakdown' });
export type Breakdown = z.output<typeof breakdown>;

const overview = z.object({
  day: z.iso.date(), window, filter: z.string().nullable(),
  total: users.describe('Active users (D1), those of the filter if there is one.'),
  dimensions: z.record(z.enum(DIMENSIONS), breakdown),
});
export type Overview = z.output<typeof overview>;

const platforms = z.object({
  day: z.iso.date(), window,
  rows: z.array(z.object({
    platform: z.enum(PLATFORMS), users,
    sessions: z.number().int().nullable().describe('Sessions begun on it (D3); null where they are too many to count on demand.'),
    medianSeconds: z.number().nullable(),
  })),
  several: users.nullable().describe('Users active on two or more platforms; null where they are too many to compare on demand.'),
  total: users,
  paths: z.array(z.object({ from: z.string(), to: z.string(), sessions: z.number().int() })).describe('Sessions that followed one on another platform within 7 days.'),
});
export type PlatformUse = z.output<typeof platforms>;

const address = z.object({
  peer: z.string().nullable().describe('The other end of the connection.'),
  peerTrusted: z.boolean(),
  forwardedFor: z.array(z.string()).describe('X-Forwarded-For as it came, left to right.'),
  otherHeaders: z.array(z.string()).describe('Names of further headers that speak of a client.'),
  client: z.string().nullable().describe('The address that would count.'),
  country: z.string(), region: z.string().nullable(),
  trustedProxies: z.array(z.string()),
  databases: z.array(z.object({ file: z.string(), type: z.string().nullable(), builtAt: z.string().nullable() })),
  advice: z.array(z.string()).describe('What to configure, in sentences.'),
});
export type AddressReport = z.output<typeof address>;

export const distribution = defineCapability({
  noun: 'distribution',
  title: 'Distribution',
  permissions: {
    'distribution:read': { description: 'See where users are and what they use.', roles: ['super_admin', 'support_admin', 'finance_admin'] },
  },
  metrics: [
    {
      ...metric, name: 'admincenter_active_users_by_country', labels: { country: { max: COUNTRY_SERIES + 3 }, window: WINDOWS },
      help: 'Users active (D1) in the last 1, 7 or 30 complete UTC days, by country; `hosting` are data centres and VPNs. The 30 countries with the most users, the rest `other`. A user of several countries counts in each.',
    },
    {
      ...metric, name: 'admincenter_active_users_by_platform', labels: { platform: PLATFORMS, window: WINDOWS },
      help: 'Users active (D1) in the last 1, 7 or 30 complete UTC days, by platform. A user of several platforms counts in each.',
    },
    {
      ...metric, name: 'admincenter_active_users_by_client', labels: { os: { max: CLIENT_FAMILIES + 2 }, browser: { max: CLIENT_FAMILIES + 2 }, window: WINDOWS }, maxSeries: 240,
      help: 'Users active (D1) in the last 1, 7 or 30 complete UTC days, by operating system and browser; the 12 of each with the most users, the rest `other`. A user of several counts in each.',
    },
    {
      name: 'admincenter_geoip_lookups_total', type: 'counter', source: 'actions-api', labels: { result: GEOIP_RESULTS },
      help: 'Events by what became of their address: a country from the database (hit) or from the header of a trusted CDN (header), a data centre or VPN (hosting), an address no database knows (unknown), one that is not public (private), or none, as when a server does not say for whom it speaks.',
    },
    { name: 'admincenter_geoip_database_build_timestamp_seconds', type: 'gauge', source: 'actions-api', help: 'When the oldest database of addresses in use was built, in seconds since 1970; 0 when one cannot be read.', labels: {} },
  ],
  endpoints: {
    overview: {
      ...read, path: '/api/v1/distribution', summary: 'Active users by every dimension, of a window that ends with a day.',
      query: z.object({ ...windowOf, filter: cell.optional().describe('Only users of this cell, on the days they were in it.') }), response: overview,
    },
    regions: {
      ...read, path: '/api/v1/distribution/regions', summary: 'Active users of a country by region (ISO 3166-2). Regions with fewer than 5 users are added up.',
      query: z.object({ ...windowOf, country }), response: breakdown,
    },
    series: {
      ...read, path: '/api/v1/distribution/series', summary: 'Active users by day, of the values with the most users on the last day.',
      query: z.object({ dimension: z.enum(DIMENSIONS), window: window.default('7d'), from: z.iso.date(), to: z.iso.date(), limit: z.coerce.number().int().min(1).max(20).default(8) }),
      response: z.object({ days: z.array(z.iso.date()), series: z.array(z.object({ value: z.string(), users: z.array(users.nullable()).describe(`Null on days on which a country, region or version had 1 to ${LEAST_USERS - 1} users.`) })) }),
    },
    platforms: { ...read, path: '/api/v1/distribution/platforms', summary: 'Use by platform: users, sessions, users of several, and from which to which they change.', query: z.object(windowOf), response: platforms },
    users: {
      ...read, path: '/api/v1/distribution/users', summary: 'The users behind a cell. Needs users:read too; a cell with fewer than 5 users is not listed.',
      query: z.object({ ...windowOf, cell, filter: cell.optional(), ...page }), response: pageOf(personRow),
    },
    address: { ...read, path: '/api/v1/distribution/address', summary: 'Which address of the caller is seen, which country it gives, and what to configure.', response: address },
  },
});
