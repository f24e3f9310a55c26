// plugin.json as data: roles, proxy routes and pages follow from contracts/, so that an endpoint or permission that is
// added there reaches Grafana by `npm run generate`.
import { capabilities } from '@admin-center/contracts/capabilities';
import { LINKS } from './extensions/links.ts';
import { APP_URL, ROUTES } from './routes.ts';
import { PLUGIN_ID } from './plugin-id.ts';

const ACCESS = 'plugins.app:access';
/** Under it a POST asks and changes nothing; see `EndpointContract`. */
const QUERY = 'query';

/** The RBAC action in Grafana that stands before a contract permission, e.g. `users:read`. */
export const grafanaAction = (permission: string): string => `${PLUGIN_ID}.${permission}`;

const permissions = capabilities.flatMap((capability) => Object.keys(capability.permissions));
const endpoints = capabilities.flatMap((capability) => Object.values(capability.endpoints));

interface ProxyRoute {
  path: string;
  method: string;
  reqAction: string;
  url: string;
  headers: Array<{ name: string; content: string }>;
}

/** Grafana forwards only what `*` matched, takes the first route that fits, and wants one route per method. */
function proxyRoutes(): ProxyRoute[] {
  const routes = new Map<string, ProxyRoute>();
  for (const { method, path } of endpoints) {
    const [noun, ...rest] = path.replace('/api/v1/', '').split('/');
    const asks = rest[0] === QUERY;
    const action = noun === 'me' ? ACCESS : grafanaAction(`${noun}:${method === 'GET' || asks ? 'read' : 'write'}`);
    const fixed = asks ? `${noun}/${QUERY}` : noun;
    const pattern = rest.length === 0 ? `v1/${fixed}` : `v1/${fixed}/*`;
    routes.set(`${pattern} ${method}`, {
      path: pattern,
      method,
      reqAction: action,
      url: `{{ .JsonData.apiUrl }}/api/v1/${fixed}`,
      headers: [{ name: 'Authorization', content: 'Bearer {{ .SecureJsonData.actionsToken }}' }],
    });
  }
  const isQuery = (path: string): number => Number(path.includes(`/${QUERY}/`));
  return [...routes.entries()].sort(([a], [b]) => isQuery(b) - isQuery(a) || a.localeCompare(b)).map(([, route]) => route);
}

const role = (name: string, description: string, suffix: string, grants: string[]) => ({
  role: { name, description, permissions: permissions.filter((permission) => permission.endsWith(suffix)).map((permission) => ({ action: grafanaAction(permission) })) },
  grants,
});

function pageIncludes() {
  return Object.values(ROUTES).map(({ path, title, permission }) => ({
    type: 'page',
    name: title,
    path: `${APP_URL}/${path}`,
    ...(permission ? { action: grafanaAction(permission) } : { role: 'Viewer' }),
    addToNav: true,
    ...(path === ROUTES.overview.path ? { defaultNav: true } : {}),
  }));
}

/** @param dashboards title and noun of each bundled dashboard */
export function pluginManifest(dashboards: ReadonlyArray<{ noun: string; title: string }>) {
  return {
    $schema: 'https://raw.githubusercontent.com/grafana/grafana/main/docs/sources/developers/plugins/plugin.schema.json',
    type: 'app',
    name: 'Admin Center',
    id: PLUGIN_ID,
    info: {
      keywords: ['admin', 'users', 'revenue', 'engagement', 'audit', 'back office'],
      description: 'The back office of a SaaS product beside its graphs: users, engagement, revenue and audited admin actions.',
      author: { name: 'CloudToLocalLLM' },
      logos: { small: 'img/logo.svg', large: 'img/logo.svg' },
      screenshots: [
        { name: 'Overview', path: 'img/overview.png' },
        { name: 'Revenue', path: 'img/revenue.png' },
        { name: 'Suspending a user', path: 'img/suspend.png' },
        { name: 'A funnel', path: 'img/funnel.png' },
        { name: 'Where users are', path: 'img/distribution.png' },
      ],
      version: '%VERSION%',
      updated: '%TODAY%',
    },
    roles: [
      role('Admin Center reader', 'Reads every page of the Admin Center. What it shows is decided by the admin role in the host application.', ':read', ['Viewer']),
      role('Admin Center writer', 'May attempt actions of the Admin Center. Whether one is allowed is decided by the admin role in the host application.', ':write', ['Editor', 'Admin']),
    ],
    includes: [
      ...pageIncludes(),
      { type: 'panel', name: 'Users', path: 'panels/users-panel' },
      { type: 'panel', name: 'Impersonation', path: 'panels/impersonation-panel' },
      { type: 'panel', name: 'Promotions', path: 'panels/promotions-panel' },
      { type: 'panel', name: 'Flags', path: 'panels/flags-panel' },
      { type: 'panel', name: 'Funnel', path: 'panels/funnel-panel' },
      { type: 'panel', name: 'Retention', path: 'panels/retention-panel' },
      { type: 'panel', name: 'Experiment', path: 'panels/experiment-panel' },
      { type: 'panel', name: 'World map', path: 'panels/worldmap-panel' },
      ...dashboards.map(({ noun, title }) => ({ type: 'dashboard', name: title, path: `dashboards/${noun}.json` })),
    ],
    routes: proxyRoutes(),
    extensions: { addedLinks: Object.values(LINKS).map(({ targets, title, description }) => ({ targets: [...targets], title, description })) },
    dependencies: { grafanaDependency: '>=12.4.0', plugins: [] },
  };
}
