// What we ship is under permissive licences, and each workspace has few direct dependencies, all of them explained.
import { expect, test } from '@jest/globals';
import { read } from './files.ts';

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const packages = Object.entries((JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }).packages);
const shipped = packages.filter(([where, entry]) => where.includes('node_modules/') && entry.link !== true && entry.dev !== true);

const PERMISSIVE = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Zlib', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Python-2.0', 'PostgreSQL', 'OFL-1.1']);
/** Packages whose package.json names no licence: two are Unlicense by their LICENSE file, get-document (through @grafana/ui) says nothing. */
const NAMED_ELSEWHERE = new Set(['fast-shallow-equal', 'get-document', 'react-universal-interface']);
const nameOf = (where: string): string => where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** SPDX expressions as npm packages use them: `A AND B` needs both, `A OR B` one. */
function isPermissive(expression: string): boolean {
  const text = expression.replaceAll(/[()]/g, '');
  return text.includes(' OR ') ? text.split(' OR ').some(isPermissive) : text.split(' AND ').every((licence) => PERMISSIVE.has(licence.trim()));
}

test('every shipped package is under a permissive licence', () => {
  const offending = shipped.filter(([where, { license }]) => (license === undefined ? !NAMED_ELSEWHERE.has(nameOf(where)) : !isPermissive(license)));
  expect(offending.map(([where, { license }]) => `${nameOf(where)}: ${license ?? 'none'}`)).toEqual([]);
});

test('the two AGPL packages that would be at hand are not even installed', () => {
  const names = packages.map(([where, { version }]) => `${nameOf(where)}@${version ?? ''}`);
  expect(names.filter((name) => /^(ua-parser-js@2|@grafana\/prometheus@)/.test(name))).toEqual([]);
});

/** Direct runtime dependencies each workspace may have, its own workspaces not counted. */
const BUDGET: Readonly<Record<string, number>> = { contracts: 1, platform: 8, database: 6, exporter: 4, sdk: 0, 'actions-api': 19, 'demo-host': 5, launcher: 3, 'grafana-plugin': 15, standalone: 30 };

test.each(Object.entries(BUDGET))('%s stays within %i dependencies', (workspace, most) => {
  const { dependencies = {} } = JSON.parse(read(`${workspace}/package.json`)) as { dependencies?: Record<string, string> };
  expect(Object.keys(dependencies).filter((name) => !name.startsWith('@admin-center/')).length).toBeLessThanOrEqual(most);
});

test('every workspace has a budget', () => {
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
  expect(Object.keys(BUDGET).toSorted()).toEqual(workspaces.toSorted());
});

test('the lockfile names the packages of every platform, or npm ci refuses it', () => {
  const locked = new Set(packages.map(([where]) => where));
  const lacking = packages.flatMap(([where, { optionalDependencies = {} }]) => {
    const places = where.split('/node_modules/').map((_part, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
    return Object.keys(optionalDependencies).filter((name) => !['', ...places].some((place) => locked.has(place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`)));
  });
  expect(lacking).toEqual([]);
});
