// A built plugin and a host bundle as small as they can be, and people who may sign in, in a directory of their own.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export const PLUGIN_ID = 'acme-ops-app';
export const PANEL_ID = 'acme-quota-panel';
export const MODULE = 'define(["react"],function(React){"use strict";return{plugin:"café"}});\n';

const logos = { small: 'img/logo.svg', large: 'img/logo.svg' };
const info = { version: '1.0.0', logos };
const secret = { name: 'Authorization', content: 'Bearer {{ .SecureJsonData.actionsToken }}' };
const route = (pattern: string, method: string, rest: object) => ({
  path: pattern,
  method,
  url: `{{ .JsonData.apiUrl }}/api/v1/${pattern.replace(/\/\*$/, '')}`,
  headers: [secret],
  ...rest,
});

const MANIFEST = {
  id: PLUGIN_ID,
  name: 'Ops',
  type: 'app',
  info,
  roles: [
    { role: { name: 'Reader', permissions: [{ action: `${PLUGIN_ID}.users:read` }] }, grants: ['Viewer'] },
    { role: { name: 'Writer', permissions: [{ action: `${PLUGIN_ID}.users:write` }] }, grants: ['Editor'] },
    {
      role: { name: 'Server admin', permissions: [{ action: `${PLUGIN_ID}.server:write` }] },
      grants: ['Grafana Admin'],
    },
  ],
  includes: [
    { type: 'page', name: 'Overview', path: `/a/${PLUGIN_ID}/overview`, addToNav: true, defaultNav: true },
    {
      type: 'page',
      name: 'Users',
      path: `/a/${PLUGIN_ID}/users`,
      addToNav: true,
      action: `${PLUGIN_ID}.users:write`,
      role: 'Viewer',
    },
    { type: 'page', name: 'Hidden', path: `/a/${PLUGIN_ID}/hidden` },
    { type: 'page', name: 'Configuration', path: `/plugins/${PLUGIN_ID}`, addToNav: true, role: 'Admin' },
    { type: 'panel', name: 'Quota' },
  ],
  routes: [
    route('users', 'GET', { reqAction: `${PLUGIN_ID}.users:read` }),
    route('users/*', 'GET', { reqAction: `${PLUGIN_ID}.users:read` }),
    route('users/*', 'POST', { reqAction: `${PLUGIN_ID}.users:write` }),
    route('users/*', 'PUT', { reqAction: `${PLUGIN_ID}.nobody:write` }),
    route('server/*', 'POST', { reqAction: `${PLUGIN_ID}.server:write` }),
    route('editors/*', 'GET', { reqRole: 'Editor' }),
    route('typo/*', 'GET', { reqRole: 'editor' }),
    {
      path: 'any/*',
      url: '{{ .JsonData.apiUrl }}/any',
      headers: [{ name: 'X-Missing', content: '{{ .JsonData.nothing }}|{{ .SecureJsonData.nothing }}' }],
    },
    { path: 'first/*', method: 'GET', url: '{{ .JsonData.apiUrl }}/declared-first' },
    { path: 'first/longer/*', method: 'GET', url: '{{ .JsonData.apiUrl }}/more-specific' },
    { path: 'list', method: 'GET,POST', url: '{{ .JsonData.apiUrl }}/list' },
    { path: 'broken', method: 'GET', url: '{{ range .JsonData }}' },
  ],
};

export const PEOPLE = [
  { login: 'ada', name: 'Ada Okafor', email: 'ada@acme.example', orgRole: 'Admin' },
  { login: 'sam', name: 'Sam <b>Rivera</b>', email: 'sam@acme.example', orgRole: 'Editor' },
  { login: 'vic', name: 'Vic Łoś', email: 'vic@acme.example', orgRole: 'Viewer' },
] as const;

export interface Fixture {
  readonly directory: string;
  readonly pluginDist: string;
  readonly hostDist: string;
  readonly adminsFile: string;
  readonly dataDir: string;
  remove(): Promise<void>;
}

export async function createFixture(): Promise<Fixture> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'standalone-test-'));
  const files: Readonly<Record<string, string>> = {
    'plugin/plugin.json': JSON.stringify(MANIFEST),
    'plugin/module.js': MODULE,
    'plugin/7.js': 'self.chunk=7;',
    'plugin/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'plugin/.secret': 'not for the web',
    'plugin/panels/quota/plugin.json': JSON.stringify({ id: PANEL_ID, name: 'Quota', type: 'panel', info }),
    'plugin/panels/quota/module.js': 'define([],function(){return{}});',
    'host/manifest.json': JSON.stringify({
      script: '/public/build/host/main-A.js',
      style: '/public/build/host/main-A.css',
      preload: ['/public/build/host/chunk-B.js'],
    }),
    'host/public/build/host/main-A.js': 'console.log("main");',
    'host/public/build/host/main-A.js.br': 'BROTLI',
    'host/public/build/host/main-A.js.gz': 'GZIP',
    'host/public/build/img/icons/unicons/home.svg': '<svg/>',
    'admins.json': JSON.stringify(PEOPLE),
    'outside.txt': 'not for the web',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content);
  }
  return {
    directory,
    pluginDist: path.join(directory, 'plugin'),
    hostDist: path.join(directory, 'host'),
    adminsFile: path.join(directory, 'admins.json'),
    dataDir: path.join(directory, 'data'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
