// Distribution as panels and headline numbers.
import { metricHelp, type Headline, type Panel } from '../../platform/panel.ts';
import { gauge, growth, ratio, series, sum } from '../../platform/promql.ts';
import { pageUrl } from '../../routes.ts';

const permission = 'distribution:read';
const COUNTRY = 'admincenter_active_users_by_country';
const PLATFORM = 'admincenter_active_users_by_platform';
const CLIENT = 'admincenter_active_users_by_client';
const LOOKUPS = 'admincenter_geoip_lookups_total';
const link = (label: string, search = '') => ({ label, href: `${pageUrl('distribution')}${search}` });

export const countries: Headline = {
  title: 'Countries, 30 days',
  description: `${metricHelp(COUNTRY)} Countries with at least 5 users, up to 30.`,
  unit: 'locale',
  expr: (offset) => `count(${gauge(COUNTRY, { window: '30d', country: { re: '[A-Z]{2}' } }, offset)} > 0)`,
  good: 'up', change: 'percent', link: link('The map'), permission,
};

const share = (country: string) => (offset?: string) => ratio(sum(gauge(COUNTRY, { window: '30d', country }, offset)), sum(gauge(COUNTRY, { window: '30d' }, offset)));

export const unknownShare: Headline = {
  title: 'Country unknown',
  description: 'Of the users of all countries in the last 30 complete days, those whose country could not be told. More than a fifth usually means a proxy that is missing from TRUSTED_PROXIES.',
  unit: 'percentunit', decimals: 1, expr: share('unknown'), good: 'down', change: 'points', link: link('Users of unknown country', '?filter=country:unknown'), permission,
};

export const hostingShare: Headline = {
  title: 'Data centres and VPNs',
  description: 'Of the users of all countries in the last 30 complete days, those who came from a data centre or VPN. The database that comes with the product does not know them; one of your own does.',
  unit: 'percentunit', decimals: 1, expr: share('hosting'), good: 'neither', change: 'points', link: link('Users from data centres', '?filter=country:hosting'), permission,
};

export const mobileShare: Headline = {
  title: 'On mobile',
  description: 'Of the users of all platforms in the last 30 complete days, those of mobile clients.',
  unit: 'percentunit', decimals: 1,
  expr: (offset) => ratio(sum(gauge(PLATFORM, { window: '30d', platform: 'mobile' }, offset)), sum(gauge(PLATFORM, { window: '30d' }, offset))),
  good: 'neither', change: 'points', link: link('Mobile users', '?filter=platform:mobile'), permission,
};

export const byCountry: Panel = {
  title: 'Active users by country, 7 days', description: metricHelp(COUNTRY), viz: 'timeseries', unit: 'short', decimals: 0,
  queries: [{ expr: `topk(8, ${gauge(COUNTRY, { window: '7d' })})`, legend: '{{country}}' }],
};

export const byPlatform: Panel = {
  title: 'Active users by platform, 7 days', description: metricHelp(PLATFORM), viz: 'timeseries', unit: 'short', decimals: 0,
  queries: [{ expr: gauge(PLATFORM, { window: '7d' }), legend: '{{platform}}' }],
};

export const byOs: Panel = {
  title: 'Active users by operating system, 30 days', description: metricHelp(CLIENT), viz: 'bargauge', unit: 'short',
  queries: [{ expr: `sort_desc(${sum(gauge(CLIENT, { window: '30d' }), 'os')})`, legend: '{{os}}', instant: true }],
};

export const byBrowser: Panel = {
  title: 'Active users by browser, 30 days', description: metricHelp(CLIENT), viz: 'bargauge', unit: 'short',
  queries: [{ expr: `sort_desc(${sum(gauge(CLIENT, { window: '30d' }), 'browser')})`, legend: '{{browser}}', instant: true }],
};

export const lookups: Panel = {
  title: 'Addresses of events', description: metricHelp(LOOKUPS), viz: 'timeseries', unit: 'short', stack: true, bars: true, decimals: 0,
  queries: [{ expr: sum(growth(LOOKUPS, undefined, '$__rate_interval'), 'result'), legend: '{{result}}' }],
};

export const databaseAge: Panel = {
  title: 'Age of the database of addresses', description: metricHelp('admincenter_geoip_database_build_timestamp_seconds'), viz: 'stat', unit: 's',
  queries: [{ expr: `time() - min(${series('admincenter_geoip_database_build_timestamp_seconds')})`, legend: 'Age', instant: true }],
};

/** On the dashboard, whose variable the map sets. */
export const chosenCountry: Panel = {
  title: 'Active users of the chosen country', description: metricHelp(COUNTRY), viz: 'timeseries', unit: 'short', decimals: 0,
  queries: [{ expr: sum(gauge(COUNTRY, { country: { re: '$country' } }), 'window'), legend: '{{window}}' }],
};
