// plugin.json: valid for Grafana, and with a way through the proxy for every endpoint of contracts/.
import fs from 'fs';
import path from 'path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { capabilities } from '@admin-center/contracts/capabilities';
import { flagKey } from '@admin-center/contracts/flags-definition';
import { dashboards, generate } from '../generate.ts';
import { grafanaAction, pluginManifest } from '../src/manifest.ts';
import { PLUGIN_ID } from '../src/plugin-id.ts';
import { ROUTES } from '../src/routes.ts';
import schema from './plugin.schema.json';

const manifest = pluginManifest(dashboards);
const endpoints = capabilities.flatMap((capability) => Object.values(capability.endpoints));
const permissions = capabilities.flatMap((capability) => Object.keys(capability.permissions));

/** As Grafana's proxy does it: the first route whose method is equal and whose path fits; `*` is the rest. */
function forward(method: string, requested: string) {
  for (const route of manifest.routes) {
    const pattern = new RegExp(`^${route.path.replace('*', '(.+)')}$`);
    const match = pattern.exec(requested);
    if (match && route.method === method) {
      return { route, url: `${route.url}${match[1] ? `/${match[1]}` : ''}` };
    }
  }
  return undefined;
}

describe('the schema of plugin.json', () => {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }));
  const validate = ajv.compile(schema);
  // Placeholders are filled in by the build.
  const built = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('%VERSION%', '0.1.0').replaceAll('%TODAY%', '2026-11-22')) as unknown;

  test('the app is valid', () => {
    validate(built(manifest));
    expect(validate.errors ?? []).toEqual([]);
  });
});

describe('the proxy', () => {
  test.each(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))('%s reaches the API at its own path', (_, { method, path: template }) => {
    const concrete = template.replace(/:\w+/g, 'value').replace('/api/', '');
    expect(forward(method, concrete)?.url).toBe(`{{ .JsonData.apiUrl }}/api/${concrete}`);
  });

  test('every route asks for a permission of its noun: reads for GET and questions, writes for the rest', () => {
    for (const { path: pattern, method, reqAction } of manifest.routes) {
      const [, noun, query] = pattern.split('/');
      expect(reqAction).toBe(noun === 'me' ? 'plugins.app:access' : grafanaAction(`${noun}:${method === 'GET' || query === 'query' ? 'read' : 'write'}`));
    }
  });

  test('who may only read in Grafana reaches what takes a permission to read, and no write', () => {
    const concrete = (template: string) => template.replace(/:\w+/g, 'value').replace('/api/', '');
    for (const { method, path: template, permission, audit } of endpoints) {
      const reads = forward(method, concrete(template))?.route.reqAction.endsWith(':read');
      if (permission?.endsWith(':read')) {
        expect([template, reads]).toEqual([template, true]);
      }
      if (audit !== undefined) {
        expect([template, reads]).toEqual([template, false]);
      }
    }
    expect(forward('POST', 'v1/flags/query/dark-mode/explain')?.url).toBe('{{ .JsonData.apiUrl }}/api/v1/flags/query/dark-mode/explain');
    // A flag of that name would have its writes there, so there is none.
    expect(flagKey.safeParse('query').success).toBe(false);
    expect(flagKey.safeParse('query-cache').success).toBe(true);
  });

  test('every route sends the shared secret and names one method', () => {
    for (const route of manifest.routes) {
      expect(route.headers).toEqual([{ name: 'Authorization', content: 'Bearer {{ .SecureJsonData.actionsToken }}' }]);
      expect(route.method).toMatch(/^(GET|POST|PUT|PATCH|DELETE)$/);
    }
  });

  test('an address nobody declared goes nowhere', () => {
    expect(forward('GET', 'v1/openapi')).toBeUndefined();
    expect(forward('DELETE', 'v1/users/1')).toBeUndefined();
  });
});

describe('roles and pages', () => {
  test('readers hold every read permission, writers every write permission', () => {
    const granted = manifest.roles.map(({ role, grants }) => ({ grants, actions: role.permissions.map(({ action }) => action) }));
    expect(granted[0]).toEqual({ grants: ['Viewer'], actions: permissions.filter((permission) => permission.endsWith(':read')).map(grafanaAction) });
    expect(granted[1]).toEqual({ grants: ['Editor', 'Admin'], actions: permissions.filter((permission) => permission.endsWith(':write')).map(grafanaAction) });
  });

  test('every page is in the navigation, and every permission a page asks for exists', () => {
    for (const { path: page, permission } of Object.values(ROUTES)) {
      const include = manifest.includes.find((each) => each.path === `/a/${PLUGIN_ID}/${page}`);
      expect(include).toMatchObject({ type: 'page', addToNav: true });
      expect(permission === null || permissions.includes(permission)).toBe(true);
    }
  });

  test('every dashboard that is listed is in the plugin', () => {
    const listed = manifest.includes.filter(({ type }) => type === 'dashboard').map(({ path: file }) => `grafana-plugin/src/${file}`);
    expect(listed).toHaveLength(dashboards.length);
    expect(listed.every((file) => generate().has(file))).toBe(true);
  });
});

test('generated files are current', () => {
  for (const [file, content] of generate()) {
    expect(`${file}\n${fs.readFileSync(path.resolve(__dirname, '../..', file), 'utf8')}`).toBe(`${file}\n${content}`);
  }
});
